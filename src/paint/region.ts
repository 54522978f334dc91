import { classOf, type Strokes } from "./strokes.js";

/** Pixels to fill, and the rectangle that holds them. */
export interface Region {
  readonly at: readonly number[];
  readonly box: { readonly left: number; readonly upper: number; readonly width: number; readonly height: number };
}

/**
 * The region around pixel (x, y) that strokes of `label`, a class, close in: all pixels that can be reached from it, from neighbour to neighbour,
 * without crossing one of that class. Null where it reaches the border of the picture, so is not closed, or (x, y) has the class already.
 */
export function closedRegion({ width, height, labels }: Strokes, x: number, y: number, label: number): Region | null {
  if (x < 0 || y < 0 || x >= width || y >= height || classOf(labels[y * width + x]) === label) return null;
  const reached = new Uint8Array(labels.length);
  const at = [y * width + x];
  reached[at[0]] = 1;
  let [left, right, upper, lower] = [x, x, y, y];
  for (let next = 0; next < at.length; next++) {
    const [column, row] = [at[next] % width, Math.floor(at[next] / width)];
    if (column === 0 || row === 0 || column === width - 1 || row === height - 1) return null;
    [left, right, upper, lower] = [Math.min(left, column), Math.max(right, column), Math.min(upper, row), Math.max(lower, row)];
    for (const neighbour of [at[next] - 1, at[next] + 1, at[next] - width, at[next] + width]) {
      if (reached[neighbour] || classOf(labels[neighbour]) === label) continue;
      reached[neighbour] = 1;
      at.push(neighbour);
    }
  }
  return { at, box: { left, upper, width: right - left + 1, height: lower - upper + 1 } };
}
