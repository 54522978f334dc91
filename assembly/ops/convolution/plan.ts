// How a convolution is cut into tiles and units of work, and where its memory lies. Units depend on the shape alone, so that results are
// the same whichever threads compute them.

import { Convolution, INPUT_GRADIENT, WEIGHT_GRADIENT } from "./convolution";
import { Tile, TILE_STRUCT } from "./tile";
import { paysWinograd, planBlocks, winogradScratch, winogradShared } from "./winograd/plan";

// the target size of the padded pixels in bytes: they stay in the L2 cache while in use
const TILE_BYTES: f64 = 262144;

// floating-point operations of a unit, some 0.2 ms: much longer than it takes to hand one over, and shorter than is worth waiting for
const UNIT: f64 = 8388608;

// the gradient of weights has no more units than this: each has sums of its own
const MAX_SUMS: u32 = 16;

/** Plans the `Convolution` at `pointer`, and returns the bytes that all threads share: more than there are, perhaps. */
export function planConvolution(pointer: usize): f64 {
  const c = changetype<Convolution>(pointer);
  c.isWinograd = paysWinograd(c);
  if (c.isWinograd) {
    const work = planBlocks(c);
    planUnits(c, c.groups * c.blocks, work);
    return winogradShared(c);
  }
  planTiles(c);
  return (sumsPart(c) as f64) * (c.units as f64) + (packedPart(c) as f64) + (termsPart(c) as f64);
}

/** The bytes that each thread needs for itself: more than there are, perhaps. */
export function convolutionScratch(pointer: usize): f64 {
  const c = changetype<Convolution>(pointer);
  if (c.isWinograd) return winogradScratch(c);
  const padded = c.inPlace ? 0 : pixelBytes(c) * (c.planeHeight as f64) * (c.planeWidth as f64) + 16;
  const result = isScattered(c) ? 4 * (c.outChannels as f64) * (c.tileRows as f64) * (c.tileColumns as f64) + 16 : 0;
  return (TILE_STRUCT as f64) + padded + result;
}

/** How many units there are. */
export function convolutionUnits(pointer: usize): u32 {
  return changetype<Convolution>(pointer).units;
}

/** Divides the shared memory. */
export function placeShared(c: Convolution, shared: usize): void {
  c.sums = shared;
  if (c.isWinograd) {
    c.packed = shared;
    return;
  }
  c.packed = shared + sumsPart(c) * (c.units as usize);
  c.terms = c.packed + packedPart(c);
  c.termsEnd = c.terms + ((c.termCount as usize) << 2);
}

/** Divides the scratch memory of a thread, and returns the tile that it begins with. */
export function placeScratch(c: Convolution, scratch: usize): Tile {
  const t = changetype<Tile>(scratch);
  t.result = scratch + TILE_STRUCT;
  t.padded = t.result;
  if (isScattered(c)) t.padded += (((c.outChannels * c.tileRows * c.tileColumns) as usize) << 2) + 16;
  return t;
}

/** Whether the results of a tile are pixels apart in the target: a stride of 1 has one phase, whose results lie side by side. */
export function isScattered(c: Convolution): bool {
  return c.pass == INPUT_GRADIENT && (c.strideY > 1 || c.strideX > 1);
}

// divides `items`, each of so many operations, into units
function planUnits(c: Convolution, items: u32, work: f64): void {
  c.items = items;
  c.perUnit = max<f64>(1, min<f64>(items, floor(UNIT / max<f64>(1, work)))) as u32;
  // the sums of all units take no more memory than a quarter of the limit
  if (c.pass == WEIGHT_GRADIENT) {
    const most = max<f64>(1, min<f64>(MAX_SUMS, floor(c.limit / 32 / max<f64>(1, (c.groups as f64) * (c.weights as f64)))));
    c.perUnit = max(c.perUnit, ceil((items as f64) / most) as u32);
  }
  c.units = (items + c.perUnit - 1) / c.perUnit;
}

function planTiles(c: Convolution): void {
  // the extra rows and columns of the planes, compared with the windows
  const below = ((c.kernelHeight - 1) * c.dilation) / c.stride;
  const beside = ((c.kernelWidth - 1) * c.dilation) / c.stride;
  const isUnpadded = c.stride == 1 && c.top == 0 && c.left == 0;
  c.inPlace = isUnpadded && c.windowRows + below == (c.height as u32) && c.windowColumns + beside == (c.width as u32);
  const rowWork = 2 * (c.termCount as f64) * (c.outChannels as f64) * (c.windowColumns as f64);
  const rows = max<f64>(8, ceil((4 * UNIT) / max<f64>(1, rowWork)));
  if (c.inPlace) {
    c.tileRows = min<f64>(c.windowRows, rows) as u32;
    c.tileColumns = c.windowColumns;
  } else {
    chooseTile(c, rows, below as f64, beside as f64);
  }
  c.planeHeight = c.inPlace ? c.height : c.tileRows + below;
  c.planeWidth = c.tileColumns + beside;
  c.tilesDown = (c.windowRows + c.tileRows - 1) / max<u32>(1, c.tileRows);
  c.tilesAcross = (c.windowColumns + c.tileColumns - 1) / max<u32>(1, c.tileColumns);
  planUnits(
    c,
    c.batch * c.groups * c.tilesDown * c.tilesAcross,
    (rowWork * (c.tileRows as f64) * (c.tileColumns as f64)) / max<f64>(1, c.windowColumns),
  );
}

// Prefers several whole rows, `rows` at most, as each tile copies the rows below it again. Only where few rows do not fit, it splits rows.
function chooseTile(c: Convolution, rows: f64, below: f64, beside: f64): void {
  const rowBytes = max<f64>(1, pixelBytes(c) * ((c.windowColumns as f64) + beside));
  const few = min<f64>(c.windowRows, min<f64>(rows, max<f64>(8, floor(TILE_BYTES / rowBytes) - below)));
  const allowed = max(c.limit, TILE_BYTES);
  const most = rowBytes * (few + below) <= allowed ? few : max<f64>(1, min(few, floor(allowed / rowBytes) - below));
  c.tileRows = most as u32;
  c.tileColumns = c.windowColumns;
  if (rowBytes * (most + below) <= allowed) return;
  c.tileColumns = max<f64>(1, min<f64>(c.windowColumns, floor(allowed / (pixelBytes(c) * (most + below))) - beside)) as u32;
}

// of a window in all channels and planes
function pixelBytes(c: Convolution): f64 {
  return 4 * (c.channels as f64) * (c.planeRows as f64) * (c.planeColumns as f64);
}

function sumsPart(c: Convolution): usize {
  return c.pass == WEIGHT_GRADIENT ? ((c.groups * c.weights) as usize) << 3 : 0;
}

function packedPart(c: Convolution): usize {
  return c.pass == WEIGHT_GRADIENT ? 0 : c.packedBytes * (c.groups as usize);
}

function termsPart(c: Convolution): usize {
  return (((c.termCount as usize) << 2) + 15) & ~15;
}
