// How the losses write an error into the 32 bits of a sort key, and read it back: keys ascend as errors fall, so that one sort
// serves them all. Keys are spread so that their first bits tell most errors apart, whatever the input; where a key cannot
// hold an error exactly, mend.ts looks at the input again.

import { exp4 } from "../../inline/math";
import { ascendingKey, keyToFloat } from "../../inline/order";
import { CODES, inputCode, probabilityOf } from "./probability";

/** Error max(0, 1 - margin). The margin is the logit of a positive, minus the logit of a negative. */
export const HINGE = 0;
/** Error 1 / (1 + e^margin). */
export const SIGMOID = 1;
/** Error |label - p|, p a probability of the user's own. */
export const UNIT = 2;
/** The same, p a softmax, which the logits give more exactly than the key. */
export const SOFTMAX = 3;
/** Any error of at least 0, itself the input. */
export const RAW = 4;

/** The key of a pixel that is not sorted: void, or of no error. */
export const NONE: u32 = 0xffffffff;

// Hinge errors: 26 bits of mantissa of error + 1/4, from 2^-2 to 2^60. Small errors, none of which weighs much, are spread
// evenly by what is added, and large ones by their exponent.
const OFFSET: f64 = 0.25;
const LARGEST: f64 = 1152921504606846976; // 2^60
const SHIFT = 26;
const LEAST: u64 = 1021 << SHIFT; // the bits of OFFSET, shifted

/** The key of all hinge errors from 2^60 on, which says no more than that. */
export const HUGE_HINGE: u32 = 0xfffffffe - (62 << SHIFT);

/** The keys of two hinge errors above 0, f64: u32 in the low halves. */
// @ts-ignore: decorator
@inline
export function hingeKeys2(errors: v128): v128 {
  const bits = f64x2.add(f64x2.pmin(errors, f64x2.splat(LARGEST)), f64x2.splat(OFFSET));
  return i64x2.sub(i64x2.splat(LEAST + 0xfffffffe), i64x2.shr_u(bits, SHIFT));
}

/** The key of a value of `kind`, with which the label (0 or 1) must be said. */
// @ts-ignore: decorator
@inline
export function keyOf(kind: i32, value: f32, label: i32): u32 {
  if (kind == SIGMOID) return ascendingKey(label ? value : -value);
  if (kind == UNIT) {
    const code = inputCode(value);
    return label ? code : CODES - code;
  }
  return ~reinterpret<u32>(value + (0 as f32)) - 1;
}

/** The error of a key of `kind`; of a hinge, half a weighTie of the key above the smallest that has it. */
// @ts-ignore: decorator
@inline
export function errorOf(kind: i32, key: u32): f64 {
  if (kind == HINGE) return reinterpret<f64>(((((0xfffffffe - key) as u64) + LEAST) << SHIFT) | (1 << (SHIFT - 1))) - OFFSET;
  if (kind == SIGMOID) {
    const margin = keyToFloat(key);
    const e = decay(margin) as f64;
    return (margin > 0 ? e : 1) / (1 + e);
  }
  if (kind == UNIT || kind == SOFTMAX) return probabilityOf(CODES - key);
  return reinterpret<f32>(~(key + 1)) as f64;
}

/** How fast the error of a key changes with the logit, probability or error it came from, without its sign. */
// @ts-ignore: decorator
@inline
export function derivativeOf(kind: i32, key: u32): f64 {
  if (kind != SIGMOID) return 1;
  const e = decay(keyToFloat(key)) as f64;
  return e / ((1 + e) * (1 + e));
}

// e^-|x|
// @ts-ignore: decorator
@inline
function decay(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(-abs(x))), 0);
}
