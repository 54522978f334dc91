import { highHalf, lowHalf, readLanes, sumF64, writeLanes } from "../inline/lanes";
import { exp4 } from "../inline/math";
import { complementLog4, inverse4, log1p4, negativeLog4, unit4 } from "./logs";

/**
 * Binary cross-entropy with weights: the sum over `n` pixels of w (-q t ln s - (1-t) ln(1-s)), s the sigmoid of the logit, or the given
 * probability. Writes `scale` times the gradient. `targets`: f32 in 0..1, negative where ignored. `weights`: w, f32 of at least 0, or a
 * null pointer where each is 1; `positive`: q. The limits of probabilities are those of `binaryCrossEntropyGiven_f32`.
 */
export function weightedBinaryCrossEntropy_f32(
  fromLogits: bool,
  values: usize,
  targets: usize,
  weights: usize,
  n: u32,
  positive: f32,
  scale: f32,
  gradient: usize,
): f64 {
  const step: usize = weights == 0 ? 0 : 1;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const loss = fromLogits
      ? pixels(values + i, targets + i, weights + i * step, positive, scale, gradient + i, false)
      : givenPixels(values + i, targets + i, weights + i * step, positive, scale, gradient + i, false);
    low = f64x2.add(low, lowHalf(loss));
    high = f64x2.add(high, highHalf(loss));
  }
  let sum = sumF64(f64x2.add(low, high));
  for (; i < bytes; i += 4) {
    const loss = fromLogits
      ? pixels(values + i, targets + i, weights + i * step, positive, scale, gradient + i, true)
      : givenPixels(values + i, targets + i, weights + i * step, positive, scale, gradient + i, true);
    sum += f32x4.extract_lane(loss, 0) as f64;
  }
  return sum;
}

// ln(1 + e^-|x|) belongs to both terms, |x| to the one on the other side of x, which neither overflows nor cancels
function pixels(logits: usize, targets: usize, weights: usize, positive: f32, scale: f32, gradient: usize, single: bool): v128 {
  const x = readLanes(logits, single);
  const t = readLanes(targets, single);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const kept = f32x4.ge(t, zero);
  const isPositive = f32x4.ge(x, zero);
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const u = f32x4.add(one, e);
  const negativeShare = f32x4.sub(one, t);
  const positiveShare = f32x4.mul(t, f32x4.splat(positive));
  // (1-t) s - q t (1-s)
  const up = f32x4.mul(negativeShare, v128.bitselect(one, e, isPositive));
  const down = f32x4.mul(positiveShare, v128.bitselect(e, one, isPositive));
  const g = weighed(f32x4.div(f32x4.sub(up, down), u), weights, single);
  writeLanes(gradient, v128.and(kept, f32x4.mul(g, f32x4.splat(scale))), single);
  const other = v128.bitselect(negativeShare, positiveShare, isPositive);
  // no share silences an infinite logit, which is right
  const distance = v128.and(f32x4.gt(other, zero), f32x4.mul(f32x4.abs(x), other));
  const loss = f32x4.add(distance, f32x4.mul(f32x4.add(negativeShare, positiveShare), log1p4(e, u)));
  return v128.and(kept, weighed(loss, weights, single));
}

function givenPixels(probabilities: usize, targets: usize, weights: usize, positive: f32, scale: f32, gradient: usize, single: bool): v128 {
  const p = unit4(readLanes(probabilities, single));
  const t = readLanes(targets, single);
  const one = f32x4.splat(1);
  const kept = f32x4.ge(t, f32x4.splat(0));
  const complement = f32x4.sub(one, p);
  const negativeShare = f32x4.sub(one, t);
  const positiveShare = f32x4.mul(t, f32x4.splat(positive));
  const difference = f32x4.sub(f32x4.mul(negativeShare, p), f32x4.mul(positiveShare, complement));
  const g = weighed(f32x4.mul(difference, inverse4(f32x4.mul(p, complement))), weights, single);
  writeLanes(gradient, v128.and(kept, f32x4.mul(g, f32x4.splat(scale))), single);
  const loss = f32x4.add(f32x4.mul(positiveShare, negativeLog4(p)), f32x4.mul(negativeShare, complementLog4(p)));
  return v128.and(kept, weighed(loss, weights, single));
}

// `v` times the weights, if there are any; a weight of 0 silences an infinite loss
// @ts-ignore: decorator
@inline
function weighed(v: v128, weights: usize, single: bool): v128 {
  if (weights == 0) return v;
  const w = readLanes(weights, single);
  return v128.and(f32x4.gt(w, f32x4.splat(0)), f32x4.mul(v, w));
}
