// The weights of the hinge's errors, largest first, where each pixel weighs 1: a weight is that of algorithm 1 in closed form, of
// P + fp and TP, the pixels counted so far (see weights.ts).

import { held } from "../inline/held";
import { lowHalf } from "../inline/lanes";
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
    // run by run, until four records do not tie
    for (let end = min(p + 32, stop); p < end; ) {
      const first = p;
      const positives = positivesOfRun(p, stop);
      p = endOfRun;
      loss += weighRun(first, p, positives, scale, slopes);
      if (p > first + 8) end = min(p + 32, stop);
    }
  }
  return loss;
}

let lossOfFours: f64 = 0;

// of four records, by the bits that say which are positives: how many negatives are above each; and of all four how many are
const above = memory.data<i32>(
  [
    0, 1, 2, 3, 0, 0, 1, 2, 0, 1, 1, 2, 0, 0, 0, 1, 0, 1, 2, 2, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 1, 2, 0, 1, 1, 2, 0,
    0, 0, 1, 0, 1, 2, 2, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0,
  ],
  16,
);
const inAll = memory.data<i32>(
  [
    4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 1,
    1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0,
  ],
  16,
);

// Weighs four records a turn for as long as no two tie, and returns where that ends. D = P + fp and TP are whole numbers, exact in float32
// up to 2^24, and a weight is one quotient: (D + 1) / (D (D + 1)) of a positive, TP / (D (D + 1)) of a negative.
function weighFours(p: usize, stop: usize, scale: f32, slopes: usize): usize {
  lossOfFours = 0;
  if (p + 64 > stop) return p;
  const factor = held(f32x4.splat(scale));
  const one = held(f32x4.splat(1));
  const four = held(i32x4.splat(4));
  const pixels = pixelBits();
  let d = i32x4.splat(union);
  // TP = D - the records before
  let before = i32x4.add(i32x4.splat(union - found), i32x4(0, 1, 2, 3));
  let sum = f64x2.splat(0);
  let a = v128.load(p);
  let b = v128.load(p, 16);
  let margin = i32x4.shuffle(a, b, 1, 3, 5, 7);
  let label = i32x4.shl(i32x4.shuffle(a, b, 0, 2, 4, 6), 31);
  for (; p + 64 <= stop; p += 32) {
    a = v128.load(p, 32);
    b = v128.load(p, 48);
    const next = i32x4.shuffle(a, b, 1, 3, 5, 7);
    if (i32x4.bitmask(f32x4.eq(margin, i32x4.shuffle(margin, next, 1, 2, 3, 4)))) break;
    const counts = (i32x4.bitmask(label) as usize) << 4;
    const whole = i32x4.add(d, v128.load(counts, above));
    const wide = f32x4.convert_i32x4_s(whole);
    const wider = f32x4.add(wide, one);
    const truePositives = f32x4.convert_i32x4_s(i32x4.sub(whole, before));
    const weight = f32x4.div(v128.bitselect(wider, truePositives, i32x4.shr_s(label, 31)), f32x4.mul(wide, wider));
    const part = f32x4.mul(weight, f32x4.sub(one, margin));
    sum = f64x2.add(sum, lowHalf(f32x4.add(part, i32x4.shuffle(part, part, 2, 3, 2, 3))));
    const slope = f32x4.mul(v128.xor(weight, label), factor);
    v128.store_lane<f32>(slopes + ((load<u32>(p) & pixels) as usize), slope, 0);
    v128.store_lane<f32>(slopes + ((load<u32>(p, 8) & pixels) as usize), slope, 1);
    v128.store_lane<f32>(slopes + ((load<u32>(p, 16) & pixels) as usize), slope, 2);
    v128.store_lane<f32>(slopes + ((load<u32>(p, 24) & pixels) as usize), slope, 3);
    d = i32x4.add(d, v128.load(counts, inAll));
    before = i32x4.add(before, four);
    margin = next;
    label = i32x4.shl(i32x4.shuffle(a, b, 0, 2, 4, 6), 31);
  }
  union = i32x4.extract_lane(d, 0);
  found = union - i32x4.extract_lane(before, 0);
  lossOfFours = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  return p;
}

let endOfRun: usize = 0;

// how many positives there are among the records that have the margin of `p`
function positivesOfRun(p: usize, stop: usize): i32 {
  const margin = load<f32>(p, 4);
  let positives: i32 = 0;
  do {
    positives += load<u32>(p) & 1;
    p += 8;
  } while (p < stop && load<f32>(p, 4) == margin);
  endOfRun = p;
  return positives;
}

// weighs records of one margin together: the positives, then the negatives
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
    store<f32>(slopes + ((mark & pixels) as usize), mark & 1 ? slopeUp : slopeDown);
  }
  const weight = up * (positives as f64) + down * (negatives as f64);
  // a weight of 0 silences an infinite error
  return weight > 0 ? weight * (1 - (load<f32>(start, 4) as f64)) : 0;
}
