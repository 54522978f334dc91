// Crops around painted pixels, as the network reads them.
import { UNPAINTED } from "../messages.js";
import type { Painted } from "./Painted.js";

/** A square of pixels [3, extent, extent], and the label of each, UNPAINTED where it does not count. */
export interface Crop {
  readonly extent: number;
  readonly planes: Float32Array;
  readonly labels: Uint8Array;
}

/** Where a crop is taken: pixel `at` of the picture comes to column `x`, row `y` of the crop, in one of eight orientations. */
export interface Place {
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly turn: number;
}

/**
 * The pixels around `at`, and the labels below `classes` among theirs: others, and those of held-out strokes, are unpainted. So is what
 * lies beyond the borders of the picture, which is mirrored there. Bit 0 of `turn` mirrors columns, bit 1 rows; bit 2 then swaps both.
 */
export function cropOf(painted: Painted, classes: number, extent: number, { at, x, y, turn }: Place): Crop {
  const { width, height, labels: painting } = painted;
  const { rgb, mean, scale } = painted.pixels;
  const [column, row] = [at % width, Math.floor(at / width)];
  const plane = extent * extent;
  const planes = new Float32Array(3 * plane);
  const labels = new Uint8Array(plane).fill(UNPAINTED);
  const [right, down] = [turn & 1 ? -1 : 1, turn & 2 ? -1 : 1];
  for (let v = 0, to = 0; v < extent; v++) {
    for (let u = 0; u < extent; u++, to++) {
      const [dx, dy] = turn & 4 ? [v - y, u - x] : [u - x, v - y];
      const [px, py] = [column + right * dx, row + down * dy];
      const [inX, inY] = [mirrored(px, width), mirrored(py, height)];
      const from = inY * width + inX;
      for (let c = 0; c < 3; c++) planes[c * plane + to] = (rgb[3 * from + c] - mean[c]) * scale[c];
      const label = painting[from];
      if (px === inX && py === inY && label < classes) labels[to] = label;
    }
  }
  return { extent, planes, labels };
}

/** The pixel of an axis of `extent` pixels that is seen at `at`, which may lie beyond either end. */
export function mirrored(at: number, extent: number): number {
  if (at >= 0 && at < extent) return at;
  const period = Math.max(1, 2 * (extent - 1));
  const within = ((at % period) + period) % period;
  return Math.min(within, period - within);
}
