// Computes with shapes: sizes, strides, broadcasting, axes.
import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";

/** The extent of each axis, whole numbers of at least 0; empty for a single number. */
export type Shape = readonly number[];

/** The number of elements of `shape`. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** A shape as text, such as `[2, 3]`; entries other than numbers as `describe` shows them. */
export function show(shape: readonly unknown[]): string {
  return `[${shape.slice(0, MAX_RANK).map(describe).join(", ")}${shape.length > MAX_RANK ? ", ..." : ""}]`;
}

/** The most axes that a tensor may have. */
export const MAX_RANK = 32;

// the most rows that an empty tensor may have, so that loops over them end and arrays of them fit in memory
const MAX_EMPTY_ROWS = 2 ** 24;

/** Returns a copy of `shape` after checking that it is at most `MAX_RANK` whole numbers of at least 0. */
export function checkShape(call: string, shape: unknown): number[] {
  const extents = isList(shape) && shape.length <= MAX_RANK ? Array.from(shape as ArrayLike<number>) : null;
  if (!extents?.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    const came = extents ? show(extents) : describe(shape);
    throw new LovaszError("shape", `${call}: shape is ${came}, expected an array of whole numbers of at least 0, ${MAX_RANK} at most`);
  }
  const rows = sizeOf(extents.filter((extent) => extent > 0));
  if (rows > MAX_EMPTY_ROWS && extents.includes(0)) {
    throw new LovaszError(
      "memory",
      `${call}: shape is ${show(extents)}, ${rows} rows without elements; expected at most ${MAX_EMPTY_ROWS}`,
    );
  }
  return extents;
}

/** The strides of `shape` in elements, in C order. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** The shape that `a` and `b` broadcast to, as in NumPy. */
export function broadcastShapes(call: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new LovaszError("shape", `${call}: shapes ${show(a)} and ${show(b)} do not broadcast; give them equal extents or 1`);
    }
    return m === 1 ? n : m;
  });
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** Returns `axis`, counted from the first, after checking that it is in range. */
export function checkAxis(call: string, axis: unknown, rank: number): number {
  if (!Number.isInteger(axis) || (axis as number) < -rank || (axis as number) >= rank) {
    throw new LovaszError("shape", `${call}: axis is ${describe(axis)}, but the tensor has ${rank} axes (${-rank}..${rank - 1})`);
  }
  return (axis as number) < 0 ? (axis as number) + rank : (axis as number);
}

/** A shape merged to [outer, n, inner] around one axis, as the kernels along an axis need it. */
export function around(shape: Shape, axis: number): { outer: number; n: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), n: shape[axis], inner: sizeOf(shape.slice(axis + 1)) };
}
