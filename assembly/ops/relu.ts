import { highHalf, lowHalf, sumF64 } from "../inline/lanes";

/** out[i] = max(a[i], 0), NaN for NaN; whole vectors. */
export function relu_f32(a: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(a + i);
    v128.store(out + i, f32x4.max(x, f32x4.splat(0)));
  }
}

/** out[i] = upstream[i] * (s[i] > 0), with s the input or the output; whole vectors. `out` may be `upstream`. */
export function reluGrad_f32(saved: usize, upstream: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(out + i, masked(v128.load(saved + i), v128.load(upstream + i)));
  }
}

/**
 * The same for `planes` planes of n numbers each, and sums[plane] = the sum of its gradients, accumulated in float64. `out` may be
 * `upstream`.
 */
export function reluGradSums_f32(saved: usize, upstream: usize, out: usize, sums: usize, planes: u32, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let p: u32 = 0; p < planes; p++, saved += bytes, upstream += bytes, out += bytes, sums += 4) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let otherLow = f64x2.splat(0);
    let otherHigh = f64x2.splat(0);
    let i: usize = 0;
    for (; i + 32 <= bytes; i += 32) {
      const v = masked(v128.load(saved + i), v128.load(upstream + i));
      const w = masked(v128.load(saved + i, 16), v128.load(upstream + i, 16));
      v128.store(out + i, v);
      v128.store(out + i, w, 16);
      low = f64x2.add(low, lowHalf(v));
      high = f64x2.add(high, highHalf(v));
      otherLow = f64x2.add(otherLow, lowHalf(w));
      otherHigh = f64x2.add(otherHigh, highHalf(w));
    }
    let total = sumF64(f64x2.add(f64x2.add(low, otherLow), f64x2.add(high, otherHigh)));
    for (; i < bytes; i += 4) {
      const v: f32 = load<f32>(saved + i) > 0 ? load<f32>(upstream + i) : 0;
      store<f32>(out + i, v);
      total += v as f64;
    }
    store<f32>(sums, total as f32);
  }
}

// @ts-ignore: decorator
@inline
function masked(saved: v128, upstream: v128): v128 {
  return v128.and(upstream, f32x4.gt(saved, f32x4.splat(0)));
}
