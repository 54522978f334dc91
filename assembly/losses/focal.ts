import { highHalf, lowHalf, readLanes, writeLanes } from "../inline/lanes";
import { exp4, log4 } from "../inline/math";
import { complementLog4, inverse4, negativeLog4, unit4 } from "./logs";

/**
 * The sum over `n` entries of w q^gamma l, with l = -ln(1 - q) the cross-entropy of the logit x and q = sigmoid(x) for a target
 * 0, sigmoid(-x) for 1; `weights`: the w of the targets 0 and 1, two f32. Writes `scale` times the gradient. Targets: f32,
 * 0 or 1, negative where ignored.
 */
export function focal_f32(logits: usize, targets: usize, n: u32, weights: usize, gamma: f32, scale: f32, gradient: usize): f64 {
  return total(true, logits, targets, n, weights, gamma, scale, gradient);
}

/** The same of probabilities p, q = p for a target 0, 1 - p for 1; logarithms and denominators as in ./logs. */
export function focalGiven_f32(probabilities: usize, targets: usize, n: u32, weights: usize, gamma: f32, scale: f32, gradient: usize): f64 {
  return total(false, probabilities, targets, n, weights, gamma, scale, gradient);
}

// @ts-ignore: decorator
@inline
function total(fromLogits: bool, values: usize, targets: usize, n: u32, weights: usize, gamma: f32, scale: f32, gradient: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const loss = fromLogits
      ? entries(values + i, targets + i, weights, gamma, scale, gradient + i, false)
      : givenEntries(values + i, targets + i, weights, gamma, scale, gradient + i, false);
    low = f64x2.add(low, lowHalf(loss));
    high = f64x2.add(high, highHalf(loss));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < bytes; i += 4) {
    const loss = fromLogits
      ? entries(values + i, targets + i, weights, gamma, scale, gradient + i, true)
      : givenEntries(values + i, targets + i, weights, gamma, scale, gradient + i, true);
    sum += f32x4.extract_lane(loss, 0) as f64;
  }
  return sum;
}

// With q the probability of being wrong, l = softplus(z), z = x for a target 0 and -x for 1: dl/dz = q, dq/dz = q (1-q), so
// d(q^gamma l)/dz = q^gamma (q + gamma (1-q) l).
// @ts-ignore: decorator
@inline
function entries(logits: usize, targets: usize, weights: usize, gamma: f32, scale: f32, gradient: usize, single: bool): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const x = readLanes(logits, single);
  const t = readLanes(targets, single);
  const kept = f32x4.ge(t, zero);
  const foreground = f32x4.gt(t, zero);
  const z = v128.bitselect(f32x4.neg(x), x, foreground);
  const e = exp4(f32x4.neg(f32x4.abs(z)));
  const u = f32x4.add(one, e);
  const rounded = f32x4.sub(u, one);
  const log1p = v128.bitselect(e, f32x4.div(f32x4.mul(log4(u), e), rounded), f32x4.eq(rounded, zero));
  const l = f32x4.add(f32x4.max(z, zero), log1p);
  const wrongSide = f32x4.ge(z, zero);
  const q = f32x4.div(v128.bitselect(one, e, wrongSide), u);
  const right = f32x4.div(v128.bitselect(e, one, wrongSide), u);
  // ln q = -softplus(-z)
  const power = exp4(f32x4.mul(f32x4.splat(gamma), f32x4.sub(f32x4.min(z, zero), log1p)));
  const w = f32x4.mul(v128.bitselect(v128.load32_splat(weights, 4), v128.load32_splat(weights), foreground), power);
  const g = f32x4.mul(w, f32x4.add(q, f32x4.mul(f32x4.mul(f32x4.splat(gamma), right), l)));
  writeSlope(g, foreground, kept, scale, gradient, single);
  return v128.and(kept, f32x4.mul(w, l));
}

// With r = 1 - q the probability of being right: dl/dr = -1/r, so d(q^gamma l)/dr = -q^gamma (1/r + gamma l/q), and l/q is 1 at q = 0.
// @ts-ignore: decorator
@inline
function givenEntries(probabilities: usize, targets: usize, weights: usize, gamma: f32, scale: f32, gradient: usize, single: bool): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const p = unit4(readLanes(probabilities, single));
  const t = readLanes(targets, single);
  const kept = f32x4.ge(t, zero);
  const foreground = f32x4.gt(t, zero);
  const complement = f32x4.sub(one, p);
  const q = v128.bitselect(complement, p, foreground);
  const r = v128.bitselect(p, complement, foreground);
  const l = v128.bitselect(negativeLog4(p), complementLog4(p), foreground);
  const logQ = f32x4.neg(v128.bitselect(complementLog4(p), f32x4.neg(log4(p)), foreground));
  const none = f32x4.eq(q, zero);
  const powerOfNone = f32x4.splat(gamma == 0 ? 1 : 0);
  const power = v128.bitselect(powerOfNone, exp4(f32x4.mul(f32x4.splat(gamma), logQ)), none);
  const w = f32x4.mul(v128.bitselect(v128.load32_splat(weights, 4), v128.load32_splat(weights), foreground), power);
  const ratio = v128.bitselect(one, f32x4.div(l, q), none);
  const g = f32x4.add(f32x4.mul(w, inverse4(r)), f32x4.mul(f32x4.mul(w, f32x4.splat(gamma)), ratio));
  writeSlope(g, foreground, kept, scale, gradient, single);
  return v128.and(kept, f32x4.mul(w, l));
}

// `scale` times the g, which falls with the input where the target is 1
// @ts-ignore: decorator
@inline
function writeSlope(g: v128, foreground: v128, kept: v128, scale: f32, gradient: usize, single: bool): void {
  const signed = v128.bitselect(f32x4.neg(g), g, foreground);
  writeLanes(gradient, v128.and(kept, f32x4.mul(signed, f32x4.splat(scale))), single);
}
