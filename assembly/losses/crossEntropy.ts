import { held } from "../inline/held";
import { copyRow, highHalf, lowHalf, readLanes, sumF64, writeLanes } from "../inline/lanes";
import { exp4 } from "../inline/math";
import { inverse4, log1p4, negativeLog4, unit4 } from "./logs";

// A tile is 64 pixels of all classes, in rows that follow one another: the planes of an image are often a power of 2 apart, and would push
// one another out of the cache.
const ROW: usize = 256;

/**
 * The sum over `n` pixels of one image of -sum of t_c ln p_c, p the softmax of the logits. Writes `scale` times the gradient,
 * p_c (sum of t) - t_c. `targets`: f32 of at least 0 for each class, negative where ignored. From class to class it is `plane` bytes.
 * `scratch`: three rows of 64 f32 a class.
 */
export function crossEntropy_f32(
  logits: usize,
  targets: usize,
  classes: u32,
  n: u32,
  plane: usize,
  scale: f32,
  gradient: usize,
  scratch: usize,
): f64 {
  const tile = ROW * (classes as usize);
  const t = scratch + tile;
  const g = t + tile;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let bytes: usize = 0;
  for (let i: usize = 0, end = (n as usize) << 2; i < end; i += bytes) {
    bytes = min(ROW, end - i);
    // pixels without targets add nothing
    if (bytes < ROW) memory.fill(scratch, 0, 2 * tile);
    for (let c: u32 = 0, k: usize = 0, at = i; c < classes; c++, k += ROW, at += plane) {
      copyRow(logits + at, scratch + k, bytes);
      copyRow(targets + at, t + k, bytes);
    }
    for (let k: usize = 0; k < ROW; k += 16) {
      const loss = columns(scratch + k, t + k, g + k, tile, scale);
      low = f64x2.add(low, lowHalf(loss));
      high = f64x2.add(high, highHalf(loss));
    }
    for (let c: u32 = 0, k: usize = 0, at = i; c < classes; c++, k += ROW, at += plane) copyRow(g + k, gradient + at, bytes);
  }
  return sumF64(f64x2.add(low, high));
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

// four pixels of a tile
function columns(x: usize, t: usize, gradient: usize, tile: usize, scale: f32): v128 {
  const zero = held(f32x4.splat(0));
  const one = f32x4.splat(1);
  const kept = f32x4.ge(v128.load(t), zero);
  let largest = v128.load(x);
  for (let k = ROW; k < tile; k += ROW) largest = f32x4.max(largest, v128.load(x + k));
  // the largest logit's own term is 1: the otherSum apart, ln(1 + otherSum) keeps what is small
  let otherSum = zero;
  let isFound = zero;
  for (let k: usize = 0; k < tile; k += ROW) {
    const shifted = f32x4.sub(v128.load(x + k), largest);
    const e = exp4(shifted);
    v128.store(gradient + k, e);
    const first = v128.andnot(f32x4.eq(shifted, zero), isFound);
    isFound = v128.or(isFound, first);
    otherSum = f32x4.add(otherSum, v128.andnot(e, first));
  }
  const u = f32x4.add(one, otherSum);
  const logTotal = log1p4(otherSum, u);
  let loss = zero;
  let mass = zero;
  for (let k: usize = 0; k < tile; k += ROW) {
    const target = v128.load(t + k);
    const distance = f32x4.add(f32x4.sub(largest, v128.load(x + k)), logTotal);
    // a target of 0 silences an infinite distance
    loss = f32x4.add(loss, v128.and(f32x4.gt(target, zero), f32x4.mul(target, distance)));
    mass = f32x4.add(mass, target);
  }
  const share = f32x4.div(mass, u);
  const factor = held(f32x4.splat(scale));
  for (let k: usize = 0; k < tile; k += ROW) {
    const g = f32x4.sub(f32x4.mul(v128.load(gradient + k), share), v128.load(t + k));
    v128.store(gradient + k, v128.and(kept, f32x4.mul(g, factor)));
  }
  return v128.and(kept, loss);
}
