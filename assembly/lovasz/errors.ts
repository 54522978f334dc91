// How the losses write an error into the 32 bits of a sort key, and read it back: keys ascend as errors fall, so that one sort
// serves them all. A margin (logit for a positive, -logit for a negative) carries no rounding and orders as the error does;
// an error in 0..1 is kept with its complement, so that errors close to 1 stay as far apart as those close to 0.

import { exp4 } from "../inline/math";
import { ascendingKey, keyToFloat } from "../inline/order";

/** Error max(0, 1 - margin). */
export const HINGE = 0;
/** Error 1 / (1 + e^margin). */
export const SIGMOID = 1;
/** Error in 0..1, of a pixel whose probability moves against it (a positive) or with it. */
export const UNIT = 2;
/** Any error of at least 0, itself the input. */
export const RAW = 3;

const HALF: u32 = 0x3f000000; // 0.5

/** The key of a hinge margin. Margins that float64 cannot tell apart in 1 - margin are one. */
// @ts-ignore: decorator
@inline
export function hingeKey(margin: f32): u32 {
  return ascendingKey((1 - (1 - (margin as f64))) as f32);
}

/** The key of an error in 0..1 and its complement, each exact where it is the smaller. */
// @ts-ignore: decorator
@inline
export function unitKey(error: f32, complement: f32): u32 {
  return error <= 0.5 ? 2 * HALF - reinterpret<u32>(error) : reinterpret<u32>(complement);
}

/** The key of the error |label - probability|, a probability beyond 0..1 taken as its nearest end. */
// @ts-ignore: decorator
@inline
export function probabilityKey(probability: f32, label: i32): u32 {
  const p = max<f32>(0, min<f32>(1, probability));
  // 1 - p is exact where p is more than 1/2, and else the larger of the two
  return label ? unitKey(1 - p, p) : unitKey(p, 1 - p);
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
  if (kind == UNIT) return key >= HALF ? (reinterpret<f32>(2 * HALF - key) as f64) : 1 - (reinterpret<f32>(key) as f64);
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
