// The exact GELU, x P(x) with P the normal distribution, P(x) = (1 + erf(x / sqrt(2))) / 2. The sum of 1 and erf would lose the digits of
// P below 0; the tail e^(-x^2 / 2) scaledTail4(|x|), which is P(-|x|), keeps them.

import { gaussian4, scaledTail4 } from "../inline/math";

/** out[i] = a[i] P(a[i]); whole vectors. */
export function gelu_f32(a: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(a + i);
    const t = distance(x);
    v128.store(out + i, f32x4.mul(x, distribution(x, f32x4.mul(gaussian4(t), scaledTail4(t)))));
  }
}

/** out[i] = upstream[i] * (P(s[i]) + s[i] e^(-s[i]^2 / 2) / sqrt(2 pi)), with s the input; whole vectors. */
export function geluGrad_f32(saved: usize, upstream: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const s = v128.load(saved + i);
    const g = v128.load(upstream + i);
    const t = distance(s);
    const e = gaussian4(t);
    const density = f32x4.mul(e, f32x4.splat(0.3989422804014327));
    const derivative = f32x4.add(distribution(s, f32x4.mul(e, scaledTail4(t))), f32x4.mul(s, density));
    v128.store(out + i, f32x4.mul(g, derivative));
  }
}

// |x| up to 15, beyond which the tail is 0 in float32
// @ts-ignore: decorator
@inline
function distance(x: v128): v128 {
  return f32x4.pmin(f32x4.abs(x), f32x4.splat(15));
}

// P(x) from the tail P(-|x|)
// @ts-ignore: decorator
@inline
function distribution(x: v128, tail: v128): v128 {
  return v128.bitselect(f32x4.sub(f32x4.splat(1), tail), tail, f32x4.gt(x, f32x4.splat(0)));
}
