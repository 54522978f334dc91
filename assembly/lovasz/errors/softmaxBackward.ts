// Backward through a softmax: from the gradients by its probabilities to the gradient by the logits, a tile at a time (tile.ts).

import { copyRow } from "../../inline/lanes";
import { Task } from "../task";
import { argmaxRow, ROW } from "./tile";

// of each pixel in the tile: g_m, m being its largest class, and D
const largestRow = memory.data(512, 16);
const meanRow = memory.data(512, 16);

/**
 * Writes `task.scale` times the gradient by the logits [classes, pixels] of one image to `logitGradient`. `gradient` holds the gradients
 * g by the probabilities p, class by class `stride` bytes apart, and may be `logitGradient`; `scratch` takes one tile of f32. In
 * p_k (g_k - sum p g) the terms near 1 would cancel: computed is p_k (g_k - g_m + D), m being the largest class and D = sum p_k (g_m - g_k).
 */
export function softmaxBackward_f32(pointer: usize, scratch: usize): void {
  const task = changetype<Task>(pointer);
  const end = (task.pixels as usize) << 2;
  const plane = task.plane as usize;
  const tile = (task.classes as usize) * ROW;
  const stride = task.stride as usize;
  const scale = task.scale as f32;
  let probabilities = task.probabilities;
  for (let i: usize = 0; i < end; i += ROW, probabilities += tile) {
    const bytes = min(ROW, end - i);
    if (bytes < ROW) memory.fill(argmaxRow, 0, ROW);
    copyRow(task.argmax + i, argmaxRow, bytes);
    for (let at = scratch, from = task.gradient + i; at < scratch + tile; at += ROW, from += stride) copyRow(from, at, bytes);
    findMeans(scratch, probabilities, tile);
    backwardTile(scale, scratch, probabilities, tile, task.logitGradient + i, plane, bytes);
  }
}

// g_m and D
function findMeans(g: usize, p: usize, tile: usize): void {
  for (let i: usize = 0; i < ROW; i += 4) store<f32>(largestRow + i, load<f32>(g + (load<u32>(argmaxRow + i) as usize) * ROW + i));
  for (let i: usize = 0; i < ROW; i += 16) {
    const largest = v128.load(largestRow + i);
    let sum = f32x4.splat(0);
    for (let k = i; k < tile; k += ROW) sum = f32x4.add(sum, f32x4.mul(v128.load(p + k), f32x4.sub(largest, v128.load(g + k))));
    v128.store(meanRow + i, sum);
  }
}

function backwardTile(scale: f32, g: usize, p: usize, tile: usize, out: usize, plane: usize, bytes: usize): void {
  const factor = f32x4.splat(scale);
  for (const end = g + tile; g < end; g += ROW, p += ROW, out += plane) {
    const to = bytes == ROW ? out : g;
    for (let i: usize = 0; i < ROW; i += 16) {
      const difference = f32x4.sub(v128.load(g + i), v128.load(largestRow + i));
      const gradient = f32x4.mul(v128.load(p + i), f32x4.add(difference, v128.load(meanRow + i)));
      v128.store(to + i, f32x4.mul(gradient, factor));
    }
    if (bytes < ROW) copyRow(g, out, bytes);
  }
}
