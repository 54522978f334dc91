// Four-lane transcendental functions: range reduction and minimax polynomials after Cephes (S. Moshier, netlib.org/cephes:
// expf.c, logf.c, tanhf.c), within 2 units in the last place over the whole range.

/** e to the power of each lane: 0 below -104, denormals kept, infinity above 88.73, NaN for NaN. */
// @ts-ignore: decorator
@inline
export function exp4(value: v128): v128 {
  // pmin and pmax keep a NaN on their left, in one instruction where min and max take eight
  const x = f32x4.pmax(f32x4.pmin(value, f32x4.splat(89)), f32x4.splat(-104));
  const whole = quotient4(x);
  return expReduced4(remainder4(x, whole), whole);
}

/** x / ln(2), rounded to an integer, which stands in the low bits: adding 1.5 * 2^23 does that. */
// @ts-ignore: decorator
@inline
function quotient4(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(12582912));
}

/** x minus ln(2) times the integer of `quotient4`. */
// @ts-ignore: decorator
@inline
function remainder4(x: v128, whole: v128): v128 {
  const n = f32x4.sub(whole, f32x4.splat(12582912));
  const r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  return f32x4.add(r, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
}

/** e^r, |r| at most ln(2) / 2, times 2 to the power of the integer of `quotient4`. */
// @ts-ignore: decorator
@inline
function expReduced4(r: v128, whole: v128): v128 {
  let p = f32x4.splat(1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // 2^n in two factors: either alone stays a normal number where 2^n itself would not
  const k = i32x4.sub(whole, f32x4.splat(12582912));
  const half = i32x4.shr_s(k, 1);
  const bias = i32x4.splat(127);
  const first = i32x4.shl(i32x4.add(half, bias), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(k, half), bias), 23);
  return f32x4.mul(f32x4.mul(p, first), second);
}

/**
 * e to the power of each lane, for x at most 0: exactly 1 at 0, 0 below -87, NaN for NaN; within 2e-7 + 5e-8 |x| of it, relative,
 * as x / ln(2) is rounded. Of 2^r, |r| <= 1/2, the polynomial of fifth degree nearest in relative terms of those that are 1 at 0.
 */
// @ts-ignore: decorator
@inline
export function expNegative4(x: v128): v128 {
  const scaled = f32x4.mul(x, f32x4.splat(1.44269504088896341));
  // rounds to an integer, as in exp4
  const whole = f32x4.add(scaled, f32x4.splat(12582912));
  const r = f32x4.sub(scaled, f32x4.sub(whole, f32x4.splat(12582912)));
  let p = f32x4.add(f32x4.mul(r, f32x4.splat(1.3264724469841775e-3)), f32x4.splat(9.671514765898316e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.550733768980118e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(2.402224205292552e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(6.931469775748975e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  // the integer is in the low bits of `whole`, the exponent of which the shift pushes out
  return v128.andnot(i32x4.add(p, i32x4.shl(whole, 23)), f32x4.lt(x, f32x4.splat(-87)));
}

/** e^(-t^2 / 2) of each lane, for t from 0 to 15; NaN for NaN. Within 2 units in the last place, as no digit of the square is lost. */
// @ts-ignore: decorator
@inline
export function gaussian4(t: v128): v128 {
  // t^2 = high^2 + (t - high) (t + high), and 12 binary digits of `high` make its square exact
  const high = v128.and(t, i32x4.splat(0xfffff000));
  const x = f32x4.mul(f32x4.mul(high, high), f32x4.splat(-0.5));
  const y = f32x4.mul(f32x4.mul(f32x4.sub(t, high), f32x4.add(t, high)), f32x4.splat(-0.5));
  const whole = quotient4(f32x4.add(x, y));
  return expReduced4(f32x4.add(remainder4(x, whole), y), whole);
}

/**
 * The normal distribution beyond t without the factor e^(-t^2 / 2), which is e^(t^2 / 2) erfc(t / sqrt(2)) / 2, of each lane, for t from
 * 0 to 15: exactly 1/2 at 0, NaN for NaN; within 5 units in the last place. Times t + 3 it is a polynomial of (t - 3) / (t + 3), after
 * Shepherd and Laframboise (1981); its coefficients are those of the smallest relative error (Remez), 6e-8.
 */
// @ts-ignore: decorator
@inline
export function scaledTail4(t: v128): v128 {
  const v = f32x4.div(f32x4.splat(1), f32x4.add(t, f32x4.splat(3)));
  const s = f32x4.mul(f32x4.add(t, t), v);
  const q = f32x4.sub(s, f32x4.splat(1));
  let p = f32x4.splat(-2.61617417e-4);
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(-6.32053125e-4));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(1.70792732e-3));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(5.20905154e-3));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(-1.56901851e-2));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(-3.15644108e-2));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.61583954e-1));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(-7.70916343e-1));
  return f32x4.mul(v, f32x4.add(f32x4.mul(p, s), f32x4.splat(1.5)));
}

/** Natural logarithm of each lane: NaN below 0, -infinity at 0, denormals kept. */
// @ts-ignore: decorator
@inline
export function log4(value: v128): v128 {
  const tiny = f32x4.lt(value, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(value, f32x4.splat(8388608)), value, tiny);
  const shift = v128.and(tiny, f32x4.splat(23));
  // scaled = m * 2^e with m in [sqrt(1/2), sqrt(2))
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(scaled, 23), i32x4.splat(126)));
  e = f32x4.sub(e, shift);
  let m = v128.or(v128.and(scaled, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  e = f32x4.sub(e, v128.and(low, f32x4.splat(1)));
  m = f32x4.sub(f32x4.add(m, v128.and(low, m)), f32x4.splat(1));
  const z = f32x4.mul(m, m);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.151461031e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(1.167699874e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, m), z);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.1219444e-4)));
  y = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)));
  y = f32x4.add(f32x4.add(m, y), f32x4.mul(e, f32x4.splat(0.693359375)));
  // the edges of the domain
  const zero = f32x4.eq(value, f32x4.splat(0));
  const finite = f32x4.lt(value, f32x4.splat(Infinity));
  y = v128.bitselect(y, value, finite); // infinity and NaN pass through
  y = v128.bitselect(f32x4.splat(-Infinity), y, zero);
  return v128.bitselect(f32x4.splat(NaN), y, f32x4.lt(value, f32x4.splat(0)));
}

/** 1 / (1 + e^-x) of each lane; below 0 as e^x / (1 + e^x), so that no power overflows and denormals are kept. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0))), f32x4.add(one, e));
}

/** Hyperbolic tangent of each lane. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const one = f32x4.splat(1);
  const size = f32x4.abs(x);
  const large = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(exp4(f32x4.add(size, size)), one)));
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.or(v128.bitselect(large, small, f32x4.gt(size, f32x4.splat(0.625))), sign);
}
