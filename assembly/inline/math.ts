// Four-lane transcendental functions: range reduction and minimax polynomials after Cephes (S. Moshier, netlib.org/cephes:
// expf.c, logf.c, tanhf.c), within 2 units in the last place over the whole range.
//
// Constants are read from memory, in one instruction each: V8 makes a constant of the code anew at each use, in three. Each function has
// its own, in the order in which it uses them.

const EXP = memory.data<f32>([89, -104], 16);
const QUOTIENT = memory.data<f32>([1.44269504088896341, 12582912], 16);
const REMAINDER = memory.data<f32>([12582912, 0.693359375, 2.1219444e-4], 16);
const REDUCED = memory.data<f32>(
  [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1, 12582912],
  16,
);
const NEGATIVE = memory.data<f32>(
  [
    1.44269504088896341, 12582912, 1.3264724469841775e-3, 9.671514765898316e-3, 5.550733768980118e-2, 2.402224205292552e-1,
    6.931469775748975e-1, 1, -87,
  ],
  16,
);
const GAUSSIAN = memory.data<f32>([-0.5], 16);
const TAIL = memory.data<f32>(
  [1, 3, -2.61617417e-4, -6.32053125e-4, 1.70792732e-3, 5.20905154e-3, -1.56901851e-2, -3.15644108e-2, 2.61583954e-1, -7.70916343e-1, 1.5],
  16,
);
const LOG = memory.data<f32>(
  [
    1.17549435e-38,
    8388608,
    23,
    0.707106781186547524,
    1,
    7.0376836292e-2,
    -1.151461031e-1,
    1.167699874e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
    -2.1219444e-4,
    0.5,
    0.693359375,
    Infinity,
    -Infinity,
    NaN,
  ],
  16,
);
const SIGMOID = memory.data<f32>([1], 16);
const TANH = memory.data<f32>(
  [1, 2, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1, 0.625],
  16,
);
const BITS = memory.data<u32>([127, 0xfffff000, 126, 0x007fffff, 0x3f000000, 0x80000000], 16);

// @ts-ignore: decorator
@inline
function constant(table: usize, index: usize): v128 {
  return v128.load32_splat(table + (index << 2));
}

/** e to the power of each lane: 0 below -104, denormals kept, infinity above 88.73, NaN for NaN. */
// @ts-ignore: decorator
@inline
export function exp4(value: v128): v128 {
  // pmin and pmax keep a NaN on their left, in one instruction where min and max take eight
  const x = f32x4.pmax(f32x4.pmin(value, constant(EXP, 0)), constant(EXP, 1));
  const whole = quotient4(x);
  return expReduced4(remainder4(x, whole), whole);
}

/** x / ln(2), rounded to an integer, which stands in the low bits: adding 1.5 * 2^23 does that. */
// @ts-ignore: decorator
@inline
function quotient4(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, constant(QUOTIENT, 0)), constant(QUOTIENT, 1));
}

/** x minus ln(2) times the integer of `quotient4`. */
// @ts-ignore: decorator
@inline
function remainder4(x: v128, whole: v128): v128 {
  const n = f32x4.sub(whole, constant(REMAINDER, 0));
  const r = f32x4.sub(x, f32x4.mul(n, constant(REMAINDER, 1)));
  return f32x4.add(r, f32x4.mul(n, constant(REMAINDER, 2)));
}

/** e^r, |r| at most ln(2) / 2, times 2 to the power of the integer of `quotient4`. */
// @ts-ignore: decorator
@inline
function expReduced4(r: v128, whole: v128): v128 {
  let p = constant(REDUCED, 0);
  p = f32x4.add(f32x4.mul(p, r), constant(REDUCED, 1));
  p = f32x4.add(f32x4.mul(p, r), constant(REDUCED, 2));
  p = f32x4.add(f32x4.mul(p, r), constant(REDUCED, 3));
  p = f32x4.add(f32x4.mul(p, r), constant(REDUCED, 4));
  p = f32x4.add(f32x4.mul(p, r), constant(REDUCED, 5));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), constant(REDUCED, 6));
  // 2^n in two factors: either alone stays a normal number where 2^n itself would not
  const k = i32x4.sub(whole, constant(REDUCED, 7));
  const half = i32x4.shr_s(k, 1);
  const bias = constant(BITS, 0);
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
  const scaled = f32x4.mul(x, constant(NEGATIVE, 0));
  // rounds to an integer, as in exp4
  const whole = f32x4.add(scaled, constant(NEGATIVE, 1));
  const r = f32x4.sub(scaled, f32x4.sub(whole, constant(NEGATIVE, 1)));
  let p = f32x4.add(f32x4.mul(r, constant(NEGATIVE, 2)), constant(NEGATIVE, 3));
  p = f32x4.add(f32x4.mul(p, r), constant(NEGATIVE, 4));
  p = f32x4.add(f32x4.mul(p, r), constant(NEGATIVE, 5));
  p = f32x4.add(f32x4.mul(p, r), constant(NEGATIVE, 6));
  p = f32x4.add(f32x4.mul(p, r), constant(NEGATIVE, 7));
  // the integer is in the low bits of `whole`, the exponent of which the shift pushes out
  return v128.andnot(i32x4.add(p, i32x4.shl(whole, 23)), f32x4.lt(x, constant(NEGATIVE, 8)));
}

/** e^(-t^2 / 2) of each lane, for t from 0 to 15; NaN for NaN. Within 2 units in the last place, as no digit of the square is lost. */
// @ts-ignore: decorator
@inline
export function gaussian4(t: v128): v128 {
  // t^2 = high^2 + (t - high) (t + high), and 12 binary digits of `high` make its square exact
  const high = v128.and(t, constant(BITS, 1));
  const x = f32x4.mul(f32x4.mul(high, high), constant(GAUSSIAN, 0));
  const y = f32x4.mul(f32x4.mul(f32x4.sub(t, high), f32x4.add(t, high)), constant(GAUSSIAN, 0));
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
  const v = f32x4.div(constant(TAIL, 0), f32x4.add(t, constant(TAIL, 1)));
  const s = f32x4.mul(f32x4.add(t, t), v);
  const q = f32x4.sub(s, constant(TAIL, 0));
  let p = constant(TAIL, 2);
  p = f32x4.add(f32x4.mul(p, q), constant(TAIL, 3));
  p = f32x4.add(f32x4.mul(p, q), constant(TAIL, 4));
  p = f32x4.add(f32x4.mul(p, q), constant(TAIL, 5));
  p = f32x4.add(f32x4.mul(p, q), constant(TAIL, 6));
  p = f32x4.add(f32x4.mul(p, q), constant(TAIL, 7));
  p = f32x4.add(f32x4.mul(p, q), constant(TAIL, 8));
  p = f32x4.add(f32x4.mul(p, q), constant(TAIL, 9));
  return f32x4.mul(v, f32x4.add(f32x4.mul(p, s), constant(TAIL, 10)));
}

/** Natural logarithm of each lane: NaN below 0, -infinity at 0, denormals kept. */
// @ts-ignore: decorator
@inline
export function log4(value: v128): v128 {
  const tiny = f32x4.lt(value, constant(LOG, 0));
  const scaled = v128.bitselect(f32x4.mul(value, constant(LOG, 1)), value, tiny);
  const shift = v128.and(tiny, constant(LOG, 2));
  // scaled = m * 2^e with m in [sqrt(1/2), sqrt(2))
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(scaled, 23), constant(BITS, 2)));
  e = f32x4.sub(e, shift);
  let m = v128.or(v128.and(scaled, constant(BITS, 3)), constant(BITS, 4));
  const low = f32x4.lt(m, constant(LOG, 3));
  e = f32x4.sub(e, v128.and(low, constant(LOG, 4)));
  m = f32x4.sub(f32x4.add(m, v128.and(low, m)), constant(LOG, 4));
  const z = f32x4.mul(m, m);
  let p = constant(LOG, 5);
  p = f32x4.add(f32x4.mul(p, m), constant(LOG, 6));
  p = f32x4.add(f32x4.mul(p, m), constant(LOG, 7));
  p = f32x4.add(f32x4.mul(p, m), constant(LOG, 8));
  p = f32x4.add(f32x4.mul(p, m), constant(LOG, 9));
  p = f32x4.add(f32x4.mul(p, m), constant(LOG, 10));
  p = f32x4.add(f32x4.mul(p, m), constant(LOG, 11));
  p = f32x4.add(f32x4.mul(p, m), constant(LOG, 12));
  p = f32x4.add(f32x4.mul(p, m), constant(LOG, 13));
  let y = f32x4.mul(f32x4.mul(p, m), z);
  y = f32x4.add(y, f32x4.mul(e, constant(LOG, 14)));
  y = f32x4.sub(y, f32x4.mul(z, constant(LOG, 15)));
  y = f32x4.add(f32x4.add(m, y), f32x4.mul(e, constant(LOG, 16)));
  // the edges of the domain
  const zero = f32x4.eq(value, f32x4.splat(0));
  const finite = f32x4.lt(value, constant(LOG, 17));
  y = v128.bitselect(y, value, finite); // infinity and NaN pass through
  y = v128.bitselect(constant(LOG, 18), y, zero);
  return v128.bitselect(constant(LOG, 19), y, f32x4.lt(value, f32x4.splat(0)));
}

/** 1 / (1 + e^-x) of each lane; below 0 as e^x / (1 + e^x), so that no power overflows and denormals are kept. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const one = constant(SIGMOID, 0);
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0))), f32x4.add(one, e));
}

/** Hyperbolic tangent of each lane. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const one = constant(TANH, 0);
  const size = f32x4.abs(x);
  const large = f32x4.sub(one, f32x4.div(constant(TANH, 1), f32x4.add(exp4(f32x4.add(size, size)), one)));
  const z = f32x4.mul(x, x);
  let p = constant(TANH, 2);
  p = f32x4.add(f32x4.mul(p, z), constant(TANH, 3));
  p = f32x4.add(f32x4.mul(p, z), constant(TANH, 4));
  p = f32x4.add(f32x4.mul(p, z), constant(TANH, 5));
  p = f32x4.add(f32x4.mul(p, z), constant(TANH, 6));
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const sign = v128.and(x, constant(BITS, 5));
  return v128.or(v128.bitselect(large, small, f32x4.gt(size, constant(TANH, 7))), sign);
}
