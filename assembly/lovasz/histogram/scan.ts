// The scan of a table of bins (bins.ts), from the largest errors down.

import { highHalf, lowHalf, sumF64 } from "../../inline/lanes";
import { negativeWeight, positiveWeight } from "../scan/weights";

/** Of Jaccard, where each pixel weighs 1: D = P + fp and TP, whole numbers, and the sum of weights times middles of bins. */
// @ts-ignore: decorator
@unmanaged
class Counted {
  union: f64 = 0;
  intersection: f64 = 0;
  sum: f64 = 0;
}

const counted = changetype<Counted>(memory.data(24, 16));
// float32 holds whole numbers up to here
const WHOLE: u32 = 1 << 24;

/**
 * The loss of a table of counts (or, `weighted`, masses), `positives` being the mass of all positives. Writes the derivatives for a
 * pixel of mass 1, times `scale` for positives and |scale| for negatives, where the counts were; behind the table if it is weighted.
 */
export function scanBins(table: usize, weighted: bool, bins: u32, range: f64, positives: f64, alpha: f64, beta: f64, scale: f64): f64 {
  const width = range / (bins as f64);
  const out = weighted ? table + (((bins + 1) as usize) << 4) : table;
  store<u64>(out, 0);
  if (!weighted && alpha == 1 && beta == 1 && positives > 0) return scanCounts(table, bins, width, positives, scale);
  let fp: f64 = 0;
  let fn: f64 = 0;
  let loss: f64 = 0;
  for (let bin = bins; bin > 0; bin--) {
    const at = (bin as usize) << 3;
    // all positives are counted: nothing below weighs
    if (positives > 0 && fn >= positives) {
      memory.fill(out, 0, at + 8);
      break;
    }
    const negative = weighted ? load<f64>(table + 2 * at) : (load<u32>(table + at) as f64);
    const positive = weighted ? load<f64>(table + 2 * at, 8) : (load<u32>(table + at, 4) as f64);
    if (positive + negative == 0) {
      store<u64>(out + at, 0);
      continue;
    }
    const up = positive > 0 ? positiveWeight(positives, fp, fn, positive, alpha, beta) : 0;
    fn = min(fn + positive, positives);
    const down = negative > 0 ? negativeWeight(positives, fp, fn, negative, alpha, beta) : 0;
    fp += negative;
    loss += (positive * up + negative * down) * (((bin as f64) - 0.5) * width);
    store<f32>(out + at, (abs(scale) * down) as f32);
    store<f32>(out + at, (scale * up) as f32, 4);
  }
  return loss;
}

// Jaccard, each pixel of mass 1: a positive weighs 1 / D, a negative TP / (D D'), D' being the D behind the negatives of its bin. Bins that
// count nothing keep their zeros.
function scanCounts(table: usize, bins: u32, width: f64, positives: f64, scale: f64): f64 {
  counted.union = positives;
  counted.intersection = positives;
  counted.sum = 0;
  let bin = positives < (WHOLE as f64) ? scanCountsX4(table, bins, scale as f32) : bins;
  let union = counted.union;
  let intersection = counted.intersection;
  let sum = counted.sum;
  let up = 1 / union;
  for (; bin > 0 && intersection > 0; bin--) {
    const at = table + ((bin as usize) << 3);
    const negative = load<u32>(at) as f64;
    const positive = load<u32>(at, 4) as f64;
    intersection -= positive;
    union += negative;
    const next = 1 / union;
    const down = intersection * up * next;
    sum += (positive * up + negative * down) * ((bin as f64) - 0.5);
    store<f32>(at, (abs(scale) * down) as f32);
    store<f32>(at, (scale * up) as f32, 4);
    up = next;
  }
  memory.fill(table, 0, ((bin as usize) << 3) + 8);
  return sum * width;
}

// four bins at a time, while float32 holds the numbers; returns how many bins are left
function scanCountsX4(table: usize, bins: u32, scale: f32): u32 {
  let union = i32x4.splat(counted.union as i32);
  let intersection = union;
  let total = f64x2.splat(0);
  const down = abs(scale);
  const factors = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(down), 1, scale), 3, scale);
  let bin = bins;
  for (; bin >= 4 && i32x4.extract_lane(intersection, 0) > 0; bin -= 4) {
    const at = table + ((bin as usize) << 3) - 24;
    const below = v128.load(at);
    const above = v128.load(at, 16);
    const any = v128.or(below, above);
    if (!v128.any_true(any)) continue;
    if (v128.any_true(v128.and(v128.or(any, union), i32x4.splat(~(WHOLE - 1))))) break;
    // from the largest errors down
    const negative = i32x4.shuffle(above, below, 2, 0, 6, 4);
    const positive = i32x4.shuffle(above, below, 3, 1, 7, 5);
    const negatives = sumsUpTo(negative);
    const positives = sumsUpTo(positive);
    const after = f32x4.convert_i32x4_s(i32x4.add(union, negatives));
    const before = f32x4.convert_i32x4_s(i32x4.add(union, i32x4.sub(negatives, negative)));
    const up = f32x4.div(f32x4.splat(1), before);
    const fall = f32x4.div(f32x4.convert_i32x4_s(i32x4.sub(intersection, positives)), f32x4.mul(before, after));
    const steps = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(positive), up), f32x4.mul(f32x4.convert_i32x4_s(negative), fall));
    const middle = f64x2.sub(f64x2.splat(bin as f64), f64x2(0.5, 1.5));
    total = f64x2.add(total, f64x2.mul(lowHalf(steps), middle));
    total = f64x2.add(total, f64x2.mul(highHalf(steps), f64x2.sub(middle, f64x2.splat(2))));
    v128.store(at, f32x4.mul(i32x4.shuffle(fall, up, 3, 7, 2, 6), factors));
    v128.store(at, f32x4.mul(i32x4.shuffle(fall, up, 1, 5, 0, 4), factors), 16);
    union = i32x4.add(union, i32x4.shuffle(negatives, negatives, 3, 3, 3, 3));
    intersection = i32x4.sub(intersection, i32x4.shuffle(positives, positives, 3, 3, 3, 3));
  }
  counted.union = i32x4.extract_lane(union, 0) as f64;
  counted.intersection = i32x4.extract_lane(intersection, 0) as f64;
  counted.sum = sumF64(total);
  return bin;
}

// each lane and those before it
// @ts-ignore: decorator
@inline
function sumsUpTo(v: v128): v128 {
  const zero = i32x4.splat(0);
  const pairs = i32x4.add(v, i32x4.shuffle(zero, v, 0, 4, 5, 6));
  return i32x4.add(pairs, i32x4.shuffle(zero, pairs, 0, 1, 4, 5));
}
