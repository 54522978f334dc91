// The boundary IoU as its authors compute it: a mask less itself eroded d times by a square of 3 x 3, within a border of zeros.

/** A mask of zeros and ones, row by row. */
export type Mask = readonly (readonly number[])[];

/** d of the paper, rounded as Python rounds. */
export function distanceOf(mask: Mask, dilation: number): number {
  const d = dilation * Math.sqrt(mask.length ** 2 + (mask[0]?.length ?? 0) ** 2);
  const below = Math.floor(d);
  const rounded = d - below < 0.5 || (d - below === 0.5 && below % 2 === 0) ? below : below + 1;
  return Math.max(1, rounded);
}

/** The pixels of `mask` near its contour. */
export function boundaryOf(mask: Mask, dilation: number): Mask {
  let rest = mask;
  for (let i = 0; i < distanceOf(mask, dilation); i++) rest = erode(rest);
  return mask.map((row, y) => row.map((one, x) => one - rest[y][x]));
}

function erode(mask: Mask): Mask {
  const near = [-1, 0, 1];
  return mask.map((row, y) => row.map((_, x) => Math.min(...near.flatMap((dy) => near.map((dx) => mask[y + dy]?.[x + dx] ?? 0)))));
}

/** Intersection and union of the boundaries of two masks. */
export function boundaryCounts(p: Mask, t: Mask, dilation: number): { intersection: number; union: number } {
  const [a, b] = [boundaryOf(p, dilation).flat(), boundaryOf(t, dilation).flat()];
  const count = (is: (i: number) => boolean) => a.filter((_, i) => is(i)).length;
  return { intersection: count((i) => a[i] + b[i] === 2), union: count((i) => a[i] + b[i] > 0) };
}
