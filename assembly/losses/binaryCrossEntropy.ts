import { highHalf, lowHalf, readLanes, writeLanes } from "../inline/lanes";
import { exp4, log4 } from "../inline/math";

/**
 * The sum over `n` pixels of -t ln s - (1-t) ln(1-s), s the sigmoid of the logit x: max(x, 0) - x t + ln(1 + e^-|x|), which
 * neither overflows nor cancels. Writes `scale` times the gradient s - t. `targets`: f32 in 0..1, negative where void.
 */
export function binaryCrossEntropy_f32(logits: usize, targets: usize, n: u32, scale: f32, gradient: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const loss = pixels(logits + i, targets + i, scale, gradient + i, false);
    low = f64x2.add(low, lowHalf(loss));
    high = f64x2.add(high, highHalf(loss));
  }
  const both = f64x2.add(low, high);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < bytes; i += 4) {
    total += f32x4.extract_lane(pixels(logits + i, targets + i, scale, gradient + i, true), 0) as f64;
  }
  return total;
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
  // ln(1 + e): what rounding took from u is given back by the factor e / (u - 1)
  const rounded = f32x4.sub(u, one);
  const lost = f32x4.eq(rounded, zero);
  const log1p = v128.bitselect(e, f32x4.div(f32x4.mul(log4(u), e), rounded), lost);
  const s = f32x4.div(v128.bitselect(one, e, f32x4.ge(x, zero)), u);
  writeLanes(gradient, v128.and(kept, f32x4.mul(f32x4.sub(s, t), f32x4.splat(scale))), single);
  return v128.and(kept, f32x4.add(f32x4.sub(f32x4.max(x, zero), f32x4.mul(x, t)), log1p));
}
