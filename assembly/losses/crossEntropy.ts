import { highHalf, lowHalf, readLanes, writeLanes } from "../inline/lanes";
import { exp4 } from "../inline/math";
import { inverse4, log1p4, negativeLog4, unit4 } from "./logs";

/**
 * The sum over the pixels of one image [classes, pixels] of -sum of t_c ln p_c, p the softmax of the logits. Writes `scale`
 * times the gradient, p_c (sum of t) - t_c. `targets`: f32 of at least 0 for each class, negative where ignored.
 */
export function crossEntropy_f32(logits: usize, targets: usize, classes: u32, pixels: u32, scale: f32, gradient: usize): f64 {
  const plane = (pixels as usize) << 2;
  const block = plane * (classes as usize);
  let total: f64 = 0;
  let i: usize = 0;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; i + 16 <= plane; i += 16) {
    const loss = columns(logits + i, targets + i, gradient + i, plane, block, scale, false);
    low = f64x2.add(low, lowHalf(loss));
    high = f64x2.add(high, highHalf(loss));
  }
  for (; i < plane; i += 4) {
    const loss = columns(logits + i, targets + i, gradient + i, plane, block, scale, true);
    total += f32x4.extract_lane(loss, 0) as f64;
  }
  const both = f64x2.add(low, high);
  return total + f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/**
 * The same of `n` probabilities p, of whichever class: -t ln p, no logarithm below -100, and the gradient -t / p, whose denominator
 * is at least 1e-12.
 */
export function crossEntropyGiven_f32(probabilities: usize, targets: usize, n: u32, scale: f32, gradient: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const loss = given(probabilities + i, targets + i, scale, gradient + i, false);
    low = f64x2.add(low, lowHalf(loss));
    high = f64x2.add(high, highHalf(loss));
  }
  const both = f64x2.add(low, high);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < bytes; i += 4) {
    total += f32x4.extract_lane(given(probabilities + i, targets + i, scale, gradient + i, true), 0) as f64;
  }
  return total;
}

// @ts-ignore: decorator
@inline
function given(probabilities: usize, targets: usize, scale: f32, gradient: usize, single: bool): v128 {
  const p = unit4(readLanes(probabilities, single));
  const t = readLanes(targets, single);
  const counts = f32x4.gt(t, f32x4.splat(0));
  const g = f32x4.neg(f32x4.mul(f32x4.mul(t, f32x4.splat(scale)), inverse4(p)));
  writeLanes(gradient, v128.and(counts, g), single);
  return v128.and(counts, f32x4.mul(t, negativeLog4(p)));
}

function columns(x: usize, t: usize, gradient: usize, plane: usize, block: usize, scale: f32, single: bool): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const kept = f32x4.ge(readLanes(t, single), zero);
  let largest = readLanes(x, single);
  for (let k = plane; k < block; k += plane) largest = f32x4.max(largest, readLanes(x + k, single));
  // the largest logit's own term is 1: the otherSum apart, ln(1 + otherSum) keeps what is small
  let otherSum = f32x4.splat(0);
  let isFound = f32x4.splat(0);
  for (let k: usize = 0; k < block; k += plane) {
    const shifted = f32x4.sub(readLanes(x + k, single), largest);
    const e = exp4(shifted);
    writeLanes(gradient + k, e, single);
    const first = v128.andnot(f32x4.eq(shifted, zero), isFound);
    isFound = v128.or(isFound, first);
    otherSum = f32x4.add(otherSum, v128.andnot(e, first));
  }
  const u = f32x4.add(one, otherSum);
  const logTotal = log1p4(otherSum, u);
  let loss = f32x4.splat(0);
  let mass = f32x4.splat(0);
  for (let k: usize = 0; k < block; k += plane) {
    const target = readLanes(t + k, single);
    const distance = f32x4.add(f32x4.sub(largest, readLanes(x + k, single)), logTotal);
    // a target of 0 silences an infinite distance
    loss = f32x4.add(loss, v128.and(f32x4.gt(target, zero), f32x4.mul(target, distance)));
    mass = f32x4.add(mass, target);
  }
  const share = f32x4.div(mass, u);
  for (let k: usize = 0; k < block; k += plane) {
    const g = f32x4.sub(f32x4.mul(readLanes(gradient + k, single), share), readLanes(t + k, single));
    writeLanes(gradient + k, v128.and(kept, f32x4.mul(g, f32x4.splat(scale))), single);
  }
  return v128.and(kept, loss);
}
