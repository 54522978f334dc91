// The losses on regions, dice, jaccard and tversky: what a class shares with its labels, and the gradient by the input. All in
// float64, in which no product of the options overflows.
//
// Targets: f32 in 0..1, negative where ignored. Of a probability p and its target t, `least` says what is shared:
//
//                     shared      false positive    false negative
//   product           p t         p (1-t)           (1-p) t
//   least             min(p, t)   max(p - t, 0)     max(t - p, 0)

import { sumF64 } from "../inline/lanes";

/** Writes the sums over `n` pixels of a class of what is shared, false positive and false negative: three f64. */
export function regionSums_f32(probabilities: usize, targets: usize, n: u32, least: bool, out: usize): void {
  const bytes = (n as usize) << 2;
  let shared = f64x2.splat(0);
  let positive = f64x2.splat(0);
  let negative = f64x2.splat(0);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  for (let i: usize = 0; i < bytes; i += 8) {
    // the last pixel of an odd number comes with one of probability 0 and target 0, which counts in nothing
    const single = i + 8 > bytes;
    const target = readTwo(targets + i, single);
    const kept = f64x2.ge(target, zero);
    const t = v128.and(target, kept);
    const p = v128.and(f64x2.min(f64x2.max(readTwo(probabilities + i, single), zero), one), kept);
    const both = least ? f64x2.min(p, t) : f64x2.mul(p, t);
    shared = f64x2.add(shared, both);
    positive = f64x2.add(positive, least ? f64x2.sub(p, both) : f64x2.mul(p, f64x2.sub(one, t)));
    negative = f64x2.add(negative, least ? f64x2.sub(t, both) : f64x2.mul(f64x2.sub(one, p), t));
  }
  store<f64>(out, sumF64(shared));
  store<f64>(out, sumF64(positive), 8);
  store<f64>(out, sumF64(negative), 16);
}

/**
 * The gradient by `n` inputs of a class, which are its probabilities or (`logits`) those whose sigmoid they are. `factors`: f64, the
 * derivatives by the three sums.
 */
export function regionGrad_f32(logits: bool, probabilities: usize, targets: usize, n: u32, least: bool, factors: usize, out: usize): void {
  const bytes = (n as usize) << 2;
  const one = f64x2.splat(1);
  for (let i: usize = 0; i < bytes; i += 8) {
    const single = i + 8 > bytes;
    const p = readTwo(probabilities + i, single);
    const t = readTwo(targets + i, single);
    const g = derivative(p, t, least, factors);
    const byInput = logits ? f64x2.mul(f64x2.mul(p, f64x2.sub(one, p)), g) : g;
    writeTwo(out + i, v128.and(byInput, f64x2.ge(t, f64x2.splat(0))), single);
  }
}

// Of so many bytes of pixels, the planes of all classes are read before those of the next: see ops/softmax.ts.
const WIDTH: usize = 512;
// of each of these pixels, the mean of its derivatives, in float64
const means = memory.data(1024, 16);

/**
 * The gradient by `n` logits of each of the classes, whose softmax the probabilities are. From class to class it is `plane` bytes.
 * `factors`: the derivatives by the three sums of each class.
 */
export function regionSoftmaxGrad_f32(
  probabilities: usize,
  targets: usize,
  classes: u32,
  n: u32,
  plane: usize,
  least: bool,
  factors: usize,
  out: usize,
): void {
  let width: usize = 0;
  for (let i: usize = 0, end = (n as usize) << 2; i < end; i += width) {
    width = min(WIDTH, end - i);
    memory.fill(means, 0, 2 * WIDTH);
    for (let c: u32 = 0, at = i, f = factors; c < classes; c++, at += plane, f += 24) {
      addToMeans(probabilities + at, targets + at, width, least, f);
    }
    for (let c: u32 = 0, at = i, f = factors; c < classes; c++, at += plane, f += 24) {
      throughSoftmax(probabilities + at, targets + at, width, least, f, out + at);
    }
  }
}

// the means of p_k g_k, g being the derivatives by the probabilities p
function addToMeans(probabilities: usize, targets: usize, width: usize, least: bool, factors: usize): void {
  for (let i: usize = 0; i < width; i += 8) {
    const single = i + 8 > width;
    const p = readTwo(probabilities + i, single);
    const t = readTwo(targets + i, single);
    const part = f64x2.mul(p, derivative(p, t, least, factors));
    v128.store(means + 2 * i, f64x2.add(v128.load(means + 2 * i), part));
  }
}

// p_c (g_c - the mean), and 0 where ignored
function throughSoftmax(probabilities: usize, targets: usize, width: usize, least: bool, factors: usize, out: usize): void {
  for (let i: usize = 0; i < width; i += 8) {
    const single = i + 8 > width;
    const p = readTwo(probabilities + i, single);
    const t = readTwo(targets + i, single);
    const g = f64x2.mul(p, f64x2.sub(derivative(p, t, least, factors), v128.load(means + 2 * i)));
    writeTwo(out + i, v128.and(g, f64x2.ge(t, f64x2.splat(0))), single);
  }
}

// the derivatives by two probabilities; those of ignored pixels mean nothing
// @ts-ignore: decorator
@inline
function derivative(p: v128, t: v128, least: bool, factors: usize): v128 {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  // how much of a small change of p is shared; half of it where p and t are equal
  const half = v128.bitselect(zero, f64x2.splat(0.5), f64x2.gt(p, t));
  const share = least ? v128.bitselect(one, half, f64x2.lt(p, t)) : t;
  const shared = f64x2.sub(v128.load64_splat(factors), v128.load64_splat(factors, 16));
  return f64x2.add(f64x2.mul(share, shared), f64x2.mul(f64x2.sub(one, share), v128.load64_splat(factors, 8)));
}

// two numbers, or (`single`) one and 0
// @ts-ignore: decorator
@inline
function readTwo(at: usize, single: bool): v128 {
  return f64x2.promote_low_f32x4(single ? v128.load32_zero(at) : v128.load64_zero(at));
}

// @ts-ignore: decorator
@inline
function writeTwo(at: usize, v: v128, single: bool): void {
  const numbers = f32x4.demote_f64x2_zero(v);
  if (single) v128.store_lane<f32>(at, numbers, 0);
  else v128.store_lane<f64>(at, numbers, 0);
}
