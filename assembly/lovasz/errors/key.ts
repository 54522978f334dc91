// The losses turn errors into sort keys of 32 bits, and keys back into errors. Keys ascend as errors fall, so that one sort serves all
// losses. They are spaced so that their first bits tell most errors apart, whatever the input. Where a key cannot hold an error exactly,
// resolveTies.ts computes it once more from the input.

import { exp4 } from "../../inline/math";
import { ascendingKey, keyToFloat } from "../../inline/order";
import { CODES, inputCode, probabilityOf } from "./probability";

/** Error max(0, 1 - margin). The margin is the logit of a positive, minus the logit of a negative. */
export const HINGE: i32 = 0;
/** Error 1 / (1 + e^margin). */
export const SIGMOID: i32 = 1;
/** Error |label - p|, p a probability that the user gave. */
export const UNIT: i32 = 2;
/** The same, p a softmax, which the logits give more exactly than the key. */
export const SOFTMAX: i32 = 3;
/** Any error of at least 0, which is itself the input. */
export const RAW: i32 = 4;

/** The key of a pixel that is not sorted: ignored, or without error. */
export const NONE: u32 = 0xffffffff;

// Hinge errors: 26 bits of the mantissa of error + 1/4, from 2^-2 to 2^60. The sum spaces small errors, none of which weighs much, evenly,
// and large ones by their exponent.
const OFFSET: f64 = 0.25;
const LARGEST: f64 = 1152921504606846976; // 2^60
const SHIFT = 26;
const LEAST: u64 = 1021 << SHIFT; // the bits of OFFSET, shifted

/** The key that all hinge errors from 2^60 on share. */
export const HUGE_HINGE: u32 = 0xfffffffe - (62 << SHIFT);

/** The keys of two hinge errors above 0, f64: u32 in the low halves. */
// @ts-ignore: decorator
@inline
export function hingeKeysX2(errors: v128): v128 {
  const bits = f64x2.add(f64x2.pmin(errors, f64x2.splat(LARGEST)), f64x2.splat(OFFSET));
  return i64x2.sub(i64x2.splat(LEAST + 0xfffffffe), i64x2.shr_u(bits, SHIFT));
}

/** The key of a value of `kind` that has this label, 0 or 1. */
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

/** The error of a key of `kind`; of the hinge, half a step of the key above the smallest error that has it. */
// @ts-ignore: decorator
@inline
export function errorOf(kind: i32, key: u32): f64 {
  if (kind == HINGE) return reinterpret<f64>(((((0xfffffffe - key) as u64) + LEAST) << SHIFT) | (1 << (SHIFT - 1))) - OFFSET;
  if (kind == SIGMOID) {
    const margin = keyToFloat(key);
    const e = expNegativeAbs(margin) as f64;
    return (margin > 0 ? e : 1) / (1 + e);
  }
  if (kind == UNIT || kind == SOFTMAX) return probabilityOf(CODES - key);
  return reinterpret<f32>(~(key + 1)) as f64;
}

/** The derivative, without its sign, of the error of a key by the logit, probability or error that it came from. */
// @ts-ignore: decorator
@inline
export function derivativeOf(kind: i32, key: u32): f64 {
  if (kind != SIGMOID) return 1;
  const e = expNegativeAbs(keyToFloat(key)) as f64;
  return e / ((1 + e) * (1 + e));
}

// e^-|x|
// @ts-ignore: decorator
@inline
function expNegativeAbs(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(-abs(x))), 0);
}
