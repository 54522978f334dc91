// A softmax works on tiles of 128 pixels. The planes of the classes often lie a power of two apart: reading across them would evict every
// cache line before its next four pixels are due. So tiles are copied row by row.

import { copyRow } from "../../inline/lanes";

/** Pixels of a tile. */
export const TILE: usize = 128;
/** Bytes of f32 in a row of a tile. */
export const ROW: usize = 128 << 2;

/** Of each pixel in the tile: its label (i32), the largest logit (f32) and its class (i32). */
export const labelRow = memory.data(512, 16);
export const largestRow = memory.data(512, 16);
export const argmaxRow = memory.data(512, 16);

/**
 * Copies `bytes` of each row of logits, `stride` apart, to `tile`, of `size` bytes, and those of the labels (i32). The remaining pixels of
 * the tile are 0 and ignored.
 */
export function readTile(logits: usize, stride: usize, labels: usize, bytes: usize, tile: usize, size: usize): void {
  if (bytes < ROW) {
    memory.fill(tile, 0, size);
    memory.fill(labelRow, 0xff, ROW);
  }
  copyRow(labels, labelRow, bytes);
  for (const end = tile + size; tile < end; tile += ROW, logits += stride) copyRow(logits, tile, bytes);
}

/** Finds the largest logit of each pixel in a tile of `size` bytes, and its class. Returns whether none is infinite. */
export function findLargest(tile: usize, size: usize): bool {
  const end = tile + size;
  let least = f32x4.splat(0);
  let most = f32x4.splat(0);
  const one = i32x4.splat(1);
  for (let i: usize = 0; i < ROW; i += 16) {
    let largest = v128.load(tile + i);
    let smallest = largest;
    let argmax = i32x4.splat(0);
    let c = one;
    for (let at = tile + i + ROW; at < end; at += ROW, c = i32x4.add(c, one)) {
      const x = v128.load(at);
      argmax = v128.bitselect(c, argmax, f32x4.gt(x, largest));
      largest = f32x4.pmax(largest, x);
      smallest = f32x4.pmin(smallest, x);
    }
    least = f32x4.pmin(least, smallest);
    most = f32x4.pmax(most, largest);
    v128.store(largestRow + i, largest);
    v128.store(argmaxRow + i, argmax);
  }
  return !v128.any_true(v128.or(f32x4.eq(least, f32x4.splat(-Infinity)), f32x4.eq(most, f32x4.splat(Infinity))));
}
