// How the losses write an error into the 32 bits of a sort key, and read it back: keys ascend as errors fall, so that one sort
// serves them all. A margin (logit for a positive, -logit for a negative) carries no rounding and orders as the error does.

import { exp4 } from "../inline/math";
import { ascendingKey, keyToFloat } from "../inline/order";
import { CODES, probabilityOf } from "./probability";

/** Error max(0, 1 - margin). */
export const HINGE = 0;
/** Error 1 / (1 + e^margin). */
export const SIGMOID = 1;
/** Error |label - p|, p a probability of the user's own. */
export const UNIT = 2;
/** The same, p a softmax, which the logits give more exactly than the key. */
export const SOFTMAX = 3;
/** Any error of at least 0, itself the input. */
export const RAW = 4;

/** The key of a hinge margin. Margins that float64 cannot tell apart in 1 - margin are one. */
// @ts-ignore: decorator
@inline
export function hingeKey(margin: f32): u32 {
  return ascendingKey((1 - (1 - (margin as f64))) as f32);
}

/** The key of a probability's code: errors of positives fall with p, those of negatives rise. */
// @ts-ignore: decorator
@inline
export function codeKey(code: u32, foreground: i32): u32 {
  return foreground ? code : CODES - code;
}

/** The key of an error of at least 0. */
// @ts-ignore: decorator
@inline
export function rawKey(error: f32): u32 {
  return ~reinterpret<u32>(error + (0 as f32));
}

/** The error of a key of `kind`. */
// @ts-ignore: decorator
@inline
export function errorOf(kind: i32, key: u32): f64 {
  if (kind == HINGE) return 1 - (keyToFloat(key) as f64);
  if (kind == SIGMOID) {
    const margin = keyToFloat(key);
    const e = decay(margin) as f64;
    return (margin > 0 ? e : 1) / (1 + e);
  }
  if (kind == UNIT || kind == SOFTMAX) return probabilityOf(CODES - key);
  return reinterpret<f32>(~key) as f64;
}

/** How fast the error of a key changes with the logit, probability or error it came from, without its sign. */
// @ts-ignore: decorator
@inline
export function slopeOf(kind: i32, key: u32): f64 {
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
