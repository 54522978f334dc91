// Lanes of a vector: sums and maxima across them, halves of them, and the last few of an array, one by one with the arithmetic of four.

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

/** The sum of two float64. */
// @ts-ignore: decorator
@inline
export function sumF64(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** The sum of four int32. */
// @ts-ignore: decorator
@inline
export function sumI32(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/** The largest of four int32. */
// @ts-ignore: decorator
@inline
export function maxI32(v: v128): i32 {
  const pairs = i32x4.max_s(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return max<i32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
}

/** The largest of four uint32. */
// @ts-ignore: decorator
@inline
export function maxU32(v: v128): u32 {
  const pairs = i32x4.max_u(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return max<u32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
}

/** The largest of four float32. */
// @ts-ignore: decorator
@inline
export function maxF32(v: v128): f32 {
  return max(max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)), max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)));
}

/** Copies a short row, a multiple of four bytes. */
// @ts-ignore: decorator
@inline
export function copyRow(from: usize, to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<u32>(to + i, load<u32>(from + i));
}
