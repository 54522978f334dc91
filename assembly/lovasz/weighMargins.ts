// The weights of the hinge's errors, largest first, where each pixel weighs 1: a weight is that of algorithm 1 in closed form, of
// P + fp and TP, the pixels counted so far (see weights.ts).

import { highHalf, lowHalf } from "../inline/lanes";
import { keyToFloat } from "../inline/order";
import { pixelBits } from "./sortMargins";

/** P + fp and TP, before the first of the records and then after the last. */
export let union: i32 = 0;
export let found: i32 = 0;

/** Begins an image of so many positives. */
export function startImage(positives: u32): void {
  union = positives;
  found = positives;
}

/** Weighs sorted records, writes `scale` times the gradient by the logits of their pixels to `slopes`, and returns what they add to the loss. */
export function weighMargins(records: usize, stop: usize, scale: f64, slopes: usize): f64 {
  let loss: f64 = 0;
  for (let p = records; p < stop; ) {
    p = weighFours(p, stop, scale as f32, slopes);
    loss += lossOfFours;
    // the four that ended it, and a run that begins in it
    for (const end = min(p + 32, stop); p < end; ) {
      const first = p;
      const positives = positivesOfRun(p, stop);
      p = endOfRun;
      loss += weighRun(first, p, positives, scale, slopes);
    }
  }
  return loss;
}

let lossOfFours: f64 = 0;

// Weighs four records a turn for as long as no two tie, and returns where that ends. Their place says how many negatives are above
// each. D = P + fp and TP are whole numbers, exact in float32 up to 2^24, and a weight is one quotient: (D + 1) / (D (D + 1)) of a
// positive, TP / (D (D + 1)) of a negative.
function weighFours(p: usize, stop: usize, scale: f32, slopes: usize): usize {
  let d = i32x4.splat(union);
  let rest = i32x4.sub(i32x4.splat(found), i32x4(0, 1, 2, 3));
  let sum = f64x2.splat(0);
  const factor = f32x4.splat(scale);
  const one = i32x4.splat(1);
  const pixels = i32x4.splat(pixelBits());
  for (; p + 40 <= stop; p += 32) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const key = i32x4.shuffle(a, b, 1, 3, 5, 7);
    const next = i32x4.shuffle(v128.load(p, 8), v128.load(p, 24), 1, 3, 5, 7);
    if (!i32x4.all_true(i32x4.ne(key, next))) break;
    const mark = i32x4.shuffle(a, b, 0, 2, 4, 6);
    const is = i32x4.eq(v128.and(mark, one), one);
    const negative = i32x4.add(one, is);
    // how many negatives there are up to each
    const pairs = i32x4.add(negative, i32x4.shuffle(i32x4.splat(0), negative, 0, 4, 5, 6));
    const upTo = i32x4.add(pairs, i32x4.shuffle(i32x4.splat(0), pairs, 0, 1, 4, 5));
    const above = i32x4.sub(upTo, negative);
    const wide = f32x4.convert_i32x4_s(i32x4.add(d, above));
    const wider = f32x4.add(wide, f32x4.splat(1));
    const truePositives = f32x4.convert_i32x4_s(i32x4.add(rest, above));
    const weight = f32x4.div(v128.bitselect(wider, truePositives, is), f32x4.mul(wide, wider));
    const margin = v128.xor(key, v128.or(i32x4.shr_s(v128.not(key), 31), i32x4.splat(0x80000000)));
    const part = f32x4.mul(weight, f32x4.sub(f32x4.splat(1), margin));
    sum = f64x2.add(sum, f64x2.add(lowHalf(part), highHalf(part)));
    const slope = f32x4.mul(v128.xor(weight, i32x4.shl(mark, 31)), factor);
    const at = i32x4.shl(v128.and(mark, pixels), 1);
    v128.store_lane<f32>(slopes + (i32x4.extract_lane(at, 0) as usize), slope, 0);
    v128.store_lane<f32>(slopes + (i32x4.extract_lane(at, 1) as usize), slope, 1);
    v128.store_lane<f32>(slopes + (i32x4.extract_lane(at, 2) as usize), slope, 2);
    v128.store_lane<f32>(slopes + (i32x4.extract_lane(at, 3) as usize), slope, 3);
    const all = i32x4.shuffle(upTo, upTo, 3, 3, 3, 3);
    d = i32x4.add(d, all);
    rest = i32x4.add(rest, i32x4.sub(all, i32x4.splat(4)));
  }
  union = i32x4.extract_lane(d, 0);
  found = i32x4.extract_lane(rest, 0);
  lossOfFours = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  return p;
}

let endOfRun: usize = 0;

// how many positives there are among the records that have the key of `p`
function positivesOfRun(p: usize, stop: usize): i32 {
  const key = load<u32>(p, 4);
  let positives: i32 = 0;
  do {
    positives += load<u32>(p) & 1;
    p += 8;
  } while (p < stop && load<u32>(p, 4) == key);
  endOfRun = p;
  return positives;
}

// weighs records of one key together: the positives, then the negatives
function weighRun(start: usize, end: usize, positives: i32, scale: f64, slopes: usize): f64 {
  const negatives = (((end - start) >> 3) as i32) - positives;
  const d = union as f64;
  found -= positives;
  union += negatives;
  const up = positives > 0 ? 1 / d : 0;
  // where there are no positives at all, the first have all the weight
  const down = negatives == 0 ? 0 : d > 0 ? (found as f64) / (d * (union as f64)) : 1 / (union as f64);
  const slopeUp = (-scale * up) as f32;
  const slopeDown = (scale * down) as f32;
  const pixels = pixelBits();
  for (let p = start; p < end; p += 8) {
    const mark = load<u32>(p);
    store<f32>(slopes + (((mark & pixels) as usize) << 1), mark & 1 ? slopeUp : slopeDown);
  }
  const weight = up * (positives as f64) + down * (negatives as f64);
  // a weight of 0 silences an infinite error
  return weight > 0 ? weight * (1 - (keyToFloat(load<u32>(start, 4)) as f64)) : 0;
}
