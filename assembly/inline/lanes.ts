// Lanes of a vector: sums across them, halves of them, and the last few of an array, one by one with the arithmetic of four.

/** The four float32 lanes added up in float64. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f64 {
  return (
    (f32x4.extract_lane(v, 0) as f64) +
    (f32x4.extract_lane(v, 1) as f64) +
    (f32x4.extract_lane(v, 2) as f64) +
    (f32x4.extract_lane(v, 3) as f64)
  );
}

/** Lanes 0 and 1 of four float32 as two float64. */
// @ts-ignore: decorator
@inline
export function lowHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

/** Lanes 2 and 3 of four float32 as two float64. */
// @ts-ignore: decorator
@inline
export function highHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 0));
}

/** Four float32 at `at`, or (`single`) the one there in every lane. */
// @ts-ignore: decorator
@inline
export function readLanes(at: usize, single: bool): v128 {
  return single ? v128.load32_splat(at) : v128.load(at);
}

/** Stores all lanes, or (`single`) the first. */
// @ts-ignore: decorator
@inline
export function writeLanes(at: usize, v: v128, single: bool): void {
  if (single) v128.store_lane<f32>(at, v, 0);
  else v128.store(at, v);
}

/** Elements 0, 2, 4, 6 of eight float32. */
// @ts-ignore: decorator
@inline
export function evenLanes(left: v128, right: v128): v128 {
  return v128.shuffle<f32>(left, right, 0, 2, 4, 6);
}

/** Elements 1, 3, 5, 7 of eight float32. */
// @ts-ignore: decorator
@inline
export function oddLanes(left: v128, right: v128): v128 {
  return v128.shuffle<f32>(left, right, 1, 3, 5, 7);
}
