// When a convolution is computed by Winograd's F(4x4, 3x3), and how it is cut into blocks of tiles. A tile is 4 x 4 windows, and reads 6 x 6
// pixels; tiles of all images are numbered together, so that small planes fill vectors too.

import { Convolution, FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT } from "../convolution";
import { FIXED, WEIGHT_SCRATCH } from "./scratch";
import { ENTRY } from "./tiles";

/** Products of a tile: 6 x 6. */
export const PLANES: usize = 36;

// What costs time, in units of some 0.1 ns: a window by direct convolution for each pair of channels; a tile by Winograd for each pair, for each
// channel that is read, and for each that is written; the weights for each pair. Measured, with the memory that is touched: on planes of 64 x 64
// the two take equally long at 6 channels in and out, and at 3 in and 16 out; Winograd takes 0.8 of the time at 8 channels, half at 16.
const DIRECT: f64 = 7.6;
const PRODUCT: f64 = 29;
const READ: f64 = 300;
const WRITE: f64 = 250;
const PAIR: f64 = 60;

/** Whether Winograd's algorithm applies, and costs less. */
export function paysWinograd(c: Convolution): bool {
  if (c.exact || c.kernelHeight != 3 || c.kernelWidth != 3 || c.stride != 1 || c.dilation != 1) return false;
  if (c.strideY != 1 || c.strideX != 1) return false;
  const channels = c.channels as f64;
  const outChannels = c.targetChannels as f64;
  const pairs = channels * outChannels;
  const windows = (c.batch as f64) * (c.windowRows as f64) * (c.windowColumns as f64);
  const tiles = tilesOf(c) as f64;
  const isGradient = c.pass == WEIGHT_GRADIENT;
  const padded = isGradient ? roundUp(c.channels, 8) * roundUp(c.targetChannels, 4) : channels * roundUp(c.targetChannels, 4);
  const blocks = isGradient ? ceil(tiles / (blockOf(c) as f64)) : 1;
  const counted = isGradient ? tiles : 8 * ceil(tiles / 8);
  const cost = counted * (PRODUCT * padded + READ * channels + WRITE * outChannels) + blocks * PAIR * padded;
  return cost < DIRECT * windows * pairs;
}

function roundUp(n: u32, step: u32): f64 {
  return (((n + step - 1) / step) * step) as f64;
}

// tiles of all images
function tilesOf(c: Convolution): u32 {
  return c.batch * ((c.windowRows + 3) >> 2) * ((c.windowColumns + 3) >> 2);
}

// The transformed pixels of a block stay in the L2 cache.
function blockOf(c: Convolution): u32 {
  if (c.pass == WEIGHT_GRADIENT) {
    const fits = 524288 / (144 * (c.channels + c.targetChannels));
    return min<u32>(64, max<u32>(32, fits & ~7));
  }
  return min<u32>(64, max<u32>(8, (262144 / (144 * c.channels)) & ~7));
}

/** Plans the blocks, and returns the operations of each. */
export function planBlocks(c: Convolution): f64 {
  c.tilesDown = (c.windowRows + 3) >> 2;
  c.tilesAcross = (c.windowColumns + 3) >> 2;
  const tiles = tilesOf(c);
  c.blockTiles = min(blockOf(c), (tiles + 7) & ~7);
  c.blocks = (tiles + c.blockTiles - 1) / c.blockTiles;
  const pairs = (c.channels as f64) * (c.targetChannels as f64);
  return (c.blockTiles as f64) * (72 * pairs + 500 * ((c.channels + c.targetChannels) as f64));
}

/** Bytes from product to product of eight tiles: an odd number of cache lines, as 36 of them are written at a time. */
// @ts-ignore: decorator
@inline
export function inputPlane(c: Convolution): usize {
  return oddLines((c.channels as usize) << 5);
}

/** The same, of a block of the gradient of weights: of the input for eight channels, and of the upstream gradient for four. */
// @ts-ignore: decorator
@inline
export function channelPlane(c: Convolution): usize {
  return oddLines((c.blockTiles as usize) << 5);
}

// @ts-ignore: decorator
@inline
export function upstreamPlane(c: Convolution): usize {
  return oddLines((c.blockTiles as usize) << 4);
}

function oddLines(bytes: usize): usize {
  return (((bytes + 63) >> 6) | 1) << 6;
}

/** Bytes of the transformed weights of a group: [outChannels / 4, 36, channels, 4]. */
// @ts-ignore: decorator
@inline
export function weightBytes(c: Convolution): usize {
  return (((c.targetChannels + 3) >> 2) as usize) * PLANES * ((c.channels as usize) << 4);
}

/** Channels that the sums of a gradient have room for: [groups, outChannels, 9, channels]. */
// @ts-ignore: decorator
@inline
export function sumChannels(c: Convolution): usize {
  return ((c.channels + 3) & ~3) as usize;
}

/** Bytes of the sums of a unit. */
// @ts-ignore: decorator
@inline
export function sumBytes(c: Convolution): usize {
  return ((c.groups * c.targetChannels) as usize) * 72 * sumChannels(c);
}

export function winogradShared(c: Convolution): f64 {
  if (c.pass == WEIGHT_GRADIENT) return (sumBytes(c) as f64) * (c.units as f64);
  return (weightBytes(c) as f64) * (c.groups as f64) + (WEIGHT_SCRATCH as f64);
}

export function winogradScratch(c: Convolution): f64 {
  const tiles = c.blockTiles as usize;
  const fixed = FIXED + tiles * ENTRY;
  if (c.pass == FORWARD || c.pass == INPUT_GRADIENT) return (fixed + (tiles >> 3) * PLANES * inputPlane(c)) as f64;
  return (fixed + inputBytes(c) + (((c.targetChannels + 3) >> 2) as usize) * PLANES * upstreamPlane(c)) as f64;
}

/** Bytes of the transformed input of a block of the gradient of weights. */
// @ts-ignore: decorator
@inline
export function inputBytes(c: Convolution): usize {
  return (((c.channels + 7) >> 3) as usize) * PLANES * channelPlane(c);
}
