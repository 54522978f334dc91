// A probability in the 32 bits of a sort key. Float32 would tell 2^24 numbers in 1/2..1 apart, and errors close to 1, those of
// the gravest mistakes, not at all. This code keeps 26 bits of mantissa of the smaller of p and 1 - p, and mirrors:
//
//   code(1 - p) = CODES - code(p)
//
// so that the error of a positive, 1 - p, has a code as good as that of a negative, p. 2^-32 is added first: numbers far
// below it share codes, and the exponents fit.

const OFFSET: f64 = 2.3283064365386963e-10; // 2^-32
const SHIFT = 26;
const LEAST: u64 = 991 << SHIFT; // the bits of OFFSET, shifted

/** The code of 1/2. */
export const HALF_CODE: u32 = 31 << SHIFT;
/** The code of 1. */
export const CODES: u32 = 62 << SHIFT;

/** The code of the smaller of a probability and its complement, at most 1/2: 0 to HALF_CODE. */
// @ts-ignore: decorator
@inline
export function smallCode(y: f64): u32 {
  return ((reinterpret<u64>(y + OFFSET) >> SHIFT) - LEAST) as u32;
}

/** The code of a probability p, 0 to 1, with its complement. */
// @ts-ignore: decorator
@inline
function probabilityCode(p: f64, complement: f64): u32 {
  return p <= 0.5 ? smallCode(p) : CODES - smallCode(complement);
}

/** The code of a probability that the user gave, one beyond 0..1 taken as its nearest end. */
// @ts-ignore: decorator
@inline
export function inputCode(value: f32): u32 {
  const p = max<f64>(0, min<f64>(1, value as f64));
  return probabilityCode(p, 1 - p);
}

/** What is added to a probability for its code, and what its bits are above the code. */
export const CODE_OFFSET = OFFSET;
export const CODE_LEAST: u32 = LEAST as u32;

/** `smallCode` + CODE_LEAST of two and two lanes, with CODE_OFFSET in each of `offset`: four u32. */
// @ts-ignore: decorator
@inline
export function codeBits(low: v128, high: v128, offset: v128): v128 {
  const a = i64x2.shr_u(f64x2.add(low, offset), SHIFT);
  const b = i64x2.shr_u(f64x2.add(high, offset), SHIFT);
  return i32x4.shuffle(a, b, 0, 2, 4, 6);
}

/** The probability of a code. */
// @ts-ignore: decorator
@inline
export function probabilityOf(code: u32): f64 {
  // without a branch: half of all errors would mispredict it
  const mirrored = (code > HALF_CODE) as i32 as f64;
  return mirrored + (1 - 2 * mirrored) * fromSmall(min(code, CODES - code));
}

// @ts-ignore: decorator
@inline
function fromSmall(code: u32): f64 {
  return reinterpret<f64>(((code as u64) + LEAST) << SHIFT) - OFFSET;
}

/** The probabilities of four codes in float32, each within its last two digits and 2^-56; with 1 in each lane of `one`. */
// @ts-ignore: decorator
@inline
export function probabilities4(codes: v128, one: v128): v128 {
  const mirrored = i32x4.sub(i32x4.splat(CODES), codes);
  const small = i32x4.min_u(codes, mirrored);
  // 23 of the 26 bits of the mantissa, rounded, and of the exponent what float32 has in its place
  const bits = i32x4.add(i32x4.shr_u(i32x4.add(small, i32x4.splat(4)), 3), i32x4.splat(95 << 23));
  const p = f32x4.sub(bits, f32x4.splat(OFFSET as f32));
  return v128.bitselect(p, f32x4.sub(one, p), i32x4.eq(small, codes));
}
