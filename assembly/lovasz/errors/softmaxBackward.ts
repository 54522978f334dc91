// The way back through a softmax, from gradient by its probabilities to those by the logits, a tile at a time (see tile.ts).

import { copyRow, ROW, argmaxRow } from "./tile";

// of each pixel in the tile: the classGradient g_top by its largest probability, and D
const largestRow = memory.data(512, 16);
const meanRow = memory.data(512, 16);

/**
 * `factor` times the gradient of the logits [classes, pixels] of one image from the gradient classGradient by the probabilities p, those of the
 * classes `stride` bytes apart, these tile by tile as softmaxKeys_f32 writes them: p_k (g_k - sum p classGradient), as p_k (g_k - g_top + D) with
 * D = sum p_k (g_top - g_k), in which nothing near 1 cancels. `out` may be `gradient` if planes touch; `scratch`: for a tile of f32.
 */
export function softmaxSlopes_f32(
  probabilities: usize,
  argmax: usize,
  gradient: usize,
  stride: usize,
  factor: f32,
  out: usize,
  classes: u32,
  pixels: u32,
  scratch: usize,
): void {
  const plane = (pixels as usize) << 2;
  const tile = (classes as usize) * ROW;
  for (let i: usize = 0; i < plane; i += ROW, probabilities += tile) {
    const bytes = min(ROW, plane - i);
    if (bytes < ROW) memory.fill(argmaxRow, 0, ROW);
    copyRow(argmax + i, argmaxRow, bytes);
    for (let at = scratch, from = gradient + i; at < scratch + tile; at += ROW, from += stride) copyRow(from, at, bytes);
    descend(scratch, probabilities, tile);
    gradientTile(factor, scratch, probabilities, tile, out + i, plane, bytes);
  }
}

// g_top and D
function descend(classGradient: usize, p: usize, tile: usize): void {
  for (let i: usize = 0; i < ROW; i += 4) store<f32>(largestRow + i, load<f32>(classGradient + (load<u32>(argmaxRow + i) as usize) * ROW + i));
  for (let i: usize = 0; i < ROW; i += 16) {
    const largest = v128.load(largestRow + i);
    let sum = f32x4.splat(0);
    for (let k = i; k < tile; k += ROW) sum = f32x4.add(sum, f32x4.mul(v128.load(p + k), f32x4.sub(largest, v128.load(classGradient + k))));
    v128.store(meanRow + i, sum);
  }
}

function gradientTile(factor: f32, classGradient: usize, p: usize, tile: usize, out: usize, plane: usize, bytes: usize): void {
  const factors = f32x4.splat(factor);
  for (const end = classGradient + tile; classGradient < end; classGradient += ROW, p += ROW, out += plane) {
    const to = bytes == ROW ? out : classGradient;
    for (let i: usize = 0; i < ROW; i += 16) {
      const difference = f32x4.sub(v128.load(classGradient + i), v128.load(largestRow + i));
      const classGradient = f32x4.mul(v128.load(p + i), f32x4.add(difference, v128.load(meanRow + i)));
      v128.store(to + i, f32x4.mul(classGradient, factors));
    }
    if (bytes < ROW) copyRow(classGradient, out, bytes);
  }
}
