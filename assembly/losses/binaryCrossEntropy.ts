import { highHalf, lowHalf, readLanes, writeLanes } from "../inline/lanes";
import { exp4 } from "../inline/math";
import { complementLog4, inverse4, log1p4, negativeLog4, unit4 } from "./logs";

/**
 * The sum over `n` pixels of -t ln s - (1-t) ln(1-s), s the sigmoid of the logit x: |x| w + ln(1 + e^-|x|), w the share of the
 * target on the other side of x, which neither overflows nor cancels. Writes `scale` times the gradient s - t. `targets`: f32 in
 * 0..1, negative where ignored.
 */
export function binaryCrossEntropy_f32(logits: usize, targets: usize, n: u32, scale: f32, gradient: usize): f64 {
  return total(true, logits, targets, n, scale, gradient);
}

/**
 * The same of probabilities p: -t ln p - (1-t) ln(1-p), no logarithm below -100, and the gradient (p - t) / (p (1-p)), whose
 * denominator is at least 1e-12, as PyTorch has both.
 */
export function binaryCrossEntropyGiven_f32(probabilities: usize, targets: usize, n: u32, scale: f32, gradient: usize): f64 {
  return total(false, probabilities, targets, n, scale, gradient);
}

// @ts-ignore: decorator
@inline
function total(fromLogits: bool, values: usize, targets: usize, n: u32, scale: f32, gradient: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const loss = fromLogits
      ? pixels(values + i, targets + i, scale, gradient + i, false)
      : givenPixels(values + i, targets + i, scale, gradient + i, false);
    low = f64x2.add(low, lowHalf(loss));
    high = f64x2.add(high, highHalf(loss));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < bytes; i += 4) {
    const loss = fromLogits
      ? pixels(values + i, targets + i, scale, gradient + i, true)
      : givenPixels(values + i, targets + i, scale, gradient + i, true);
    sum += f32x4.extract_lane(loss, 0) as f64;
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function pixels(logits: usize, targets: usize, scale: f32, gradient: usize, single: bool): v128 {
  const x = readLanes(logits, single);
  const t = readLanes(targets, single);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const kept = f32x4.ge(t, zero);
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const u = f32x4.add(one, e);
  const s = f32x4.div(v128.bitselect(one, e, f32x4.ge(x, zero)), u);
  writeLanes(gradient, v128.and(kept, f32x4.mul(f32x4.sub(s, t), f32x4.splat(scale))), single);
  const other = v128.bitselect(f32x4.sub(one, t), t, f32x4.ge(x, zero));
  // no share silences an infinite logit, which is right
  const distance = v128.and(f32x4.gt(other, zero), f32x4.mul(f32x4.abs(x), other));
  return v128.and(kept, f32x4.add(distance, log1p4(e, u)));
}

// @ts-ignore: decorator
@inline
function givenPixels(probabilities: usize, targets: usize, scale: f32, gradient: usize, single: bool): v128 {
  const p = unit4(readLanes(probabilities, single));
  const t = readLanes(targets, single);
  const one = f32x4.splat(1);
  const kept = f32x4.ge(t, f32x4.splat(0));
  const g = f32x4.mul(f32x4.sub(p, t), inverse4(f32x4.mul(p, f32x4.sub(one, p))));
  writeLanes(gradient, v128.and(kept, f32x4.mul(g, f32x4.splat(scale))), single);
  const loss = f32x4.add(f32x4.mul(t, negativeLog4(p)), f32x4.mul(f32x4.sub(one, t), complementLog4(p)));
  return v128.and(kept, loss);
}
