// The exponential in float64, two lanes at a time, for where float32 cannot tell neighbours apart.

/** Constants of `expNegative2`, which its loops should hold. */
export const LEAST: f64 = -600;
export const PER_ROOT: f64 = 369.3299304675746;
export const ROUNDING: f64 = 6755399441055744; // 1.5 * 2^52
export const FIRST: f64 = 0.0027076061740622863;
export const SECOND: f64 = 3.6655660607040354e-6;
export const THIRD: f64 = 3.308302680541371e-9;

// 2^(j/256) for j from 0 to 255, as bits from which j is taken again where the exponent begins: adding 256 n + j there gives
// those of 2^(n + j/256)
const ROOTS = memory.data(2048, 16);
for (let j: u64 = 0; j < 256; j++) {
  store<u64>(ROOTS + ((j as usize) << 3), reinterpret<u64>(NativeMath.exp((j as f64) * (Math.LN2 / 256))) - (j << 44));
}

/**
 * e to the power of each lane, for x at most 0, and NaN for NaN; within 3e-14 of it down to -50, 1e-13 down to LEAST, where it ends: far
 * from numbers so small that they take a processor long. With 256 x / ln(2) = 256 n + j + r, |r| <= 1/2: the series of 2^(r/256) to
 * r^3, with what is best of r^4 in r^2.
 */
// @ts-ignore: decorator
@inline
export function expNegative2(value: v128, least: v128, perRoot: v128, rounding: v128, first: v128, second: v128, third: v128): v128 {
  // not max, which takes care of NaN and -0 in seven instructions more
  const x = f64x2.mul(f64x2.pmax(value, least), perRoot);
  // adding ROUNDING rounds to an integer, which then stands in the low bits
  const whole = f64x2.add(x, rounding);
  const r = f64x2.sub(x, f64x2.sub(whole, rounding));
  let root = v128.load64_zero(ROOTS + (((i64x2.extract_lane(whole, 0) as usize) & 255) << 3));
  root = v128.load64_lane(ROOTS + (((i64x2.extract_lane(whole, 1) as usize) & 255) << 3), root, 1);
  root = i64x2.add(root, i64x2.shl(whole, 44));
  let p = f64x2.add(second, f64x2.mul(r, third));
  p = f64x2.add(first, f64x2.mul(r, p));
  return f64x2.add(root, f64x2.mul(root, f64x2.mul(r, p)));
}
