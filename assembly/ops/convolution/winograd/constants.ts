// The interpolation points are 0, 1/sqrt(2), -1/sqrt(2), sqrt(2), -sqrt(2) and infinity: docs/mathematics.md says why, and has the matrices.
// Vectors of numbers lie in memory: V8 keeps in a register what it has read, and makes a constant anew at each use.

const ROOT: f32 = 0.70710678118654752;
const THIRD: f32 = 0.33333333333333333;
const SIXTH: f32 = 0.16666666666666667;
const table = memory.data<f32>(
  [0.5, 0.5, 0.5, 0.5, 2.5, 2.5, 2.5, 2.5, ROOT, ROOT, ROOT, ROOT, THIRD, THIRD, THIRD, THIRD, SIXTH, SIXTH, SIXTH, SIXTH],
  16,
);

/** 1/2 in all lanes. */
// @ts-ignore: decorator
@inline
export function half(): v128 {
  return v128.load(table);
}

/** 5/2 in all lanes. */
// @ts-ignore: decorator
@inline
export function fiveHalves(): v128 {
  return v128.load(table, 16);
}

/** 1/sqrt(2) in all lanes. */
// @ts-ignore: decorator
@inline
export function root(): v128 {
  return v128.load(table, 32);
}

/** 1/3 in all lanes. */
// @ts-ignore: decorator
@inline
export function third(): v128 {
  return v128.load(table, 48);
}

/** 1/6 in all lanes. */
// @ts-ignore: decorator
@inline
export function sixth(): v128 {
  return v128.load(table, 64);
}

/** v + v. */
// @ts-ignore: decorator
@inline
export function twice(v: v128): v128 {
  return f32x4.add(v, v);
}
