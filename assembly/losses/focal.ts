import { highHalf, lowHalf, readLanes, writeLanes } from "../inline/lanes";
import { exp4, log4 } from "../inline/math";

/**
 * The sum over `n` entries of w q^gamma l, with l = -ln(1 - q) the cross-entropy of the logit x and q = sigmoid(x) for a target
 * 0, sigmoid(-x) for 1; w = `positive` for a target 1, `negative` for 0. Writes `scale` times the gradient. Targets: f32,
 * 0 or 1, negative where void.
 */
export function focal_f32(
  logits: usize,
  targets: usize,
  n: u32,
  positive: f32,
  negative: f32,
  gamma: f32,
  scale: f32,
  gradient: usize,
): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const loss = entries(logits + i, targets + i, positive, negative, gamma, scale, gradient + i, false);
    low = f64x2.add(low, lowHalf(loss));
    high = f64x2.add(high, highHalf(loss));
  }
  const both = f64x2.add(low, high);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < bytes; i += 4) {
    const loss = entries(logits + i, targets + i, positive, negative, gamma, scale, gradient + i, true);
    total += f32x4.extract_lane(loss, 0) as f64;
  }
  return total;
}

// With q the probability of being wrong, l = softplus(z), z = x for a target 0 and -x for 1: dl/dz = q, dq/dz = q (1-q), so
// d(q^gamma l)/dz = q^gamma (q + gamma (1-q) l).
// @ts-ignore: decorator
@inline
function entries(
  logits: usize,
  targets: usize,
  positive: f32,
  negative: f32,
  gamma: f32,
  scale: f32,
  gradient: usize,
  single: bool,
): v128 {
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
  const w = f32x4.mul(v128.bitselect(f32x4.splat(positive), f32x4.splat(negative), foreground), power);
  const slope = f32x4.mul(w, f32x4.add(q, f32x4.mul(f32x4.mul(f32x4.splat(gamma), right), l)));
  const signed = v128.bitselect(f32x4.neg(slope), slope, foreground);
  const out = v128.and(kept, f32x4.mul(signed, f32x4.splat(scale)));
  writeLanes(gradient, out, single);
  return v128.and(kept, f32x4.mul(w, l));
}
