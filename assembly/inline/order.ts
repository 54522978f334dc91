// Order of float32 as order of unsigned integers: flipping the sign bit of positives and every bit of negatives makes the
// bit patterns ascend as the numbers do. Adding +0 first makes -0 +0, so the two are one key.

/** A key that ascends with `x`. NaN, of either sign, comes after +infinity. */
// @ts-ignore: decorator
@inline
export function ascendingKey(x: f32): u32 {
  if (x != x) return u32.MAX_VALUE;
  const bits = reinterpret<u32>(x + (0 as f32));
  return bits ^ (<u32>((bits as i32) >> 31) | 0x80000000);
}

/** The float32 of an `ascendingKey` (+0 for either zero). */
// @ts-ignore: decorator
@inline
export function keyToFloat(key: u32): f32 {
  const mask = <u32>((~key as i32) >> 31) | 0x80000000;
  return reinterpret<f32>(key ^ mask);
}
