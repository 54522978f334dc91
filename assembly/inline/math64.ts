// The exponential in float64, two lanes at a time, for where float32 cannot tell neighbours apart.

/**
 * e to the power of each lane, for x at most 0; within 3e-13 of it. 2^n from range reduction, a Taylor series of degree 10 on
 * what is left, |r| <= ln(2)/2, where the next term is 2.2e-13.
 */
// @ts-ignore: decorator
@inline
export function expNegative2(value: v128): v128 {
  const x = f64x2.max(value, f64x2.splat(-708));
  // adding 1.5 * 2^52 rounds to an integer, which then stands in the low bits
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), f64x2.splat(6755399441055744));
  const n = f64x2.sub(shifted, f64x2.splat(6755399441055744));
  let r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(0.6931471803691238)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.9082149292705877e-10)));
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  // pairs of terms, then pairs of pairs: the chain of dependent operations is short
  const a = f64x2.add(f64x2.splat(1), r);
  const b = f64x2.add(f64x2.splat(1 / 2.0), f64x2.mul(r, f64x2.splat(1 / 6.0)));
  const c = f64x2.add(f64x2.splat(1 / 24.0), f64x2.mul(r, f64x2.splat(1 / 120.0)));
  const d = f64x2.add(f64x2.splat(1 / 720.0), f64x2.mul(r, f64x2.splat(1 / 5040.0)));
  const e = f64x2.add(f64x2.splat(1 / 40320.0), f64x2.mul(r, f64x2.splat(1 / 362880.0)));
  const ab = f64x2.add(a, f64x2.mul(r2, b));
  const cd = f64x2.add(c, f64x2.mul(r2, d));
  const ef = f64x2.add(e, f64x2.mul(r2, f64x2.splat(1 / 3628800.0)));
  const p = f64x2.add(ab, f64x2.mul(r4, f64x2.add(cd, f64x2.mul(r4, ef))));
  return f64x2.mul(p, i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52));
}
