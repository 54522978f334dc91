// Logarithms of probabilities, and their derivatives, held to what PyTorch holds them to: no logarithm is below -100, and nothing
// smaller than 1e-12 divides.

import { log4 } from "../inline/math";

/** Each lane brought to 0..1: what rounding left outside counts as the bound. */
// @ts-ignore: decorator
@inline
export function unit4(p: v128): v128 {
  return f32x4.min(f32x4.max(p, f32x4.splat(0)), f32x4.splat(1));
}

/** -ln p, at most 100. */
// @ts-ignore: decorator
@inline
export function negativeLog4(p: v128): v128 {
  return f32x4.min(f32x4.neg(log4(p)), f32x4.splat(100));
}

/** -ln(1 - p), at most 100, with the digits of a small p: what rounding took from 1 - p is given back as a factor. */
// @ts-ignore: decorator
@inline
export function complementLog4(p: v128): v128 {
  const one = f32x4.splat(1);
  const complement = f32x4.sub(one, p);
  const rounded = f32x4.sub(one, complement);
  const whole = f32x4.mul(f32x4.neg(log4(complement)), f32x4.div(p, rounded));
  const exact = v128.bitselect(p, whole, f32x4.eq(rounded, f32x4.splat(0)));
  return f32x4.min(exact, f32x4.splat(100));
}

/** ln(1 + x) of x at least 0, where `u` is 1 + x: what rounding took from u is given back by the factor x / (u - 1). */
// @ts-ignore: decorator
@inline
export function log1p4(x: v128, u: v128): v128 {
  const rounded = f32x4.sub(u, f32x4.splat(1));
  const isLost = f32x4.eq(rounded, f32x4.splat(0));
  return v128.bitselect(x, f32x4.div(f32x4.mul(log4(u), x), rounded), isLost);
}

/** 1 / x, x at least 1e-12. */
// @ts-ignore: decorator
@inline
export function inverse4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.max(x, f32x4.splat(1e-12)));
}
