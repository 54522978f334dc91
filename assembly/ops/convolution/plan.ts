// How a convolution is cut into tiles, and where its scratch memory lies.

import { Convolution, INPUT_GRADIENT, WEIGHT_GRADIENT } from "./convolution";

// the target size of the padded pixels in bytes: they stay in the L2 cache while in use
const TILE_BYTES: f64 = 262144;

/** Plans the tiles of the `Convolution` at `pointer`, and returns the bytes of scratch that it needs: more than there are, perhaps. */
export function convolutionScratch(pointer: usize): f64 {
  const c = changetype<Convolution>(pointer);
  // the extra rows and columns of the planes, compared with the windows
  const below = ((c.kernelHeight - 1) * c.dilation) / c.stride;
  const beside = ((c.kernelWidth - 1) * c.dilation) / c.stride;
  const isUnpadded = c.stride == 1 && c.top == 0 && c.left == 0;
  c.inPlace = isUnpadded && c.windowRows + below == (c.height as u32) && c.windowColumns + beside == (c.width as u32);
  const pixelBytes = 4 * (c.channels as f64) * (c.planeRows as f64) * (c.planeColumns as f64);
  if (c.inPlace) {
    c.tileRows = c.windowRows;
    c.tileColumns = c.windowColumns;
  } else {
    chooseTile(c, pixelBytes, below as f64, beside as f64);
  }
  c.planeHeight = c.tileRows + below;
  c.planeWidth = c.tileColumns + beside;
  let bytes = packedPart(c) as f64;
  bytes += termsPart(c) as f64;
  if (!c.inPlace) bytes += pixelBytes * (c.planeHeight as f64) * (c.planeWidth as f64) + 16;
  if (c.pass == WEIGHT_GRADIENT) bytes += 8 * (c.groups as f64) * (c.weights as f64);
  if (isScattered(c)) bytes += 4 * (c.outChannels as f64) * (c.tileRows as f64) * (c.tileColumns as f64);
  return bytes;
}

// Prefers several whole rows, as each tile copies the rows below it again. Only where few rows do not fit, it splits rows.
function chooseTile(c: Convolution, pixelBytes: f64, below: f64, beside: f64): void {
  const rowBytes = max<f64>(1, pixelBytes * ((c.windowColumns as f64) + beside));
  const few = min<f64>(c.windowRows, max<f64>(8, floor(TILE_BYTES / rowBytes) - below));
  const allowed = max(c.limit, TILE_BYTES);
  const most = rowBytes * (few + below) <= allowed ? few : max<f64>(1, min(few, floor(allowed / rowBytes) - below));
  c.tileRows = most as u32;
  c.tileColumns = c.windowColumns;
  if (rowBytes * (most + below) <= allowed) return;
  c.tileColumns = max<f64>(1, min<f64>(c.windowColumns, floor(allowed / (pixelBytes * (most + below))) - beside)) as u32;
}

/** Divides the scratch that `convolutionScratch` asked for. */
export function placeScratch(c: Convolution, scratch: usize): void {
  c.result = scratch;
  c.packed = scratch;
  if (c.pass == WEIGHT_GRADIENT) c.packed += ((c.groups * c.weights) as usize) << 3;
  else if (isScattered(c)) c.packed += ((c.outChannels * c.tileRows * c.tileColumns) as usize) << 2;
  c.terms = c.packed + packedPart(c);
  c.termsEnd = c.terms + ((c.termCount as usize) << 2);
  c.padded = c.terms + termsPart(c);
}

/** Whether the results of a tile are pixels apart in the target: a stride of 1 has one phase, whose results lie side by side. */
export function isScattered(c: Convolution): bool {
  return c.pass == INPUT_GRADIENT && (c.strideY > 1 || c.strideX > 1);
}

function packedPart(c: Convolution): usize {
  return c.pass == WEIGHT_GRADIENT ? 0 : c.packedBytes * (c.groups as usize);
}

function termsPart(c: Convolution): usize {
  return (((c.termCount as usize) << 2) + 15) & ~15;
}

/** Calls `compute` for each tile. */
export function eachTile(c: Convolution, compute: (c: Convolution) => void): void {
  for (c.image = 0; c.image < c.batch; c.image++) {
    for (c.group = 0; c.group < c.groups; c.group++) {
      for (c.row = 0; c.row < c.windowRows; c.row += c.tileRows) {
        c.rows = min(c.tileRows, c.windowRows - c.row);
        for (c.column = 0; c.column < c.windowColumns; c.column += c.tileColumns) {
          c.columns = min(c.tileColumns, c.windowColumns - c.column);
          compute(c);
        }
      }
    }
  }
}

/** The first pixel of the source in the group of the tile. */
export function sourceOfGroup(c: Convolution): usize {
  const planes = ((c.image * c.groups + c.group) * c.channels) as usize;
  return c.source + ((planes * (c.height as usize) * (c.width as usize)) << 2);
}

/** The first pixel of the target in the group of the tile. */
export function targetOfGroup(c: Convolution): usize {
  const planes = ((c.image * c.groups + c.group) * c.targetChannels) as usize;
  return c.target + ((planes * (c.targetHeight as usize) * (c.targetWidth as usize)) << 2);
}
