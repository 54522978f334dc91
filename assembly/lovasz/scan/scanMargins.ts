// The weights of the hinge's errors, largest first, where each pixel weighs 1: a weight is that of algorithm 1 in closed form, of
// P + fp and TP, the pixels counted so far (see weights.ts).

import { held } from "../../inline/held";
import { lowHalf } from "../../inline/lanes";
import { inAll, negativesAbove } from "../../inline/negatives";
import { pixelBits } from "../sort/bucketSort";

/** P + fp and TP, before the first of the records and then after the last. */
export let union: i32 = 0;
export let intersection: i32 = 0;

/** Begins an image of so many positives. */
export function startImage(positives: u32): void {
  union = positives;
  intersection = positives;
}

/** Weighs sorted records, writes `scale` times the gradient by the logits of their pixels to `gradient`, and returns what they add to the loss. */
export function scanMargins(records: usize, stop: usize, scale: f64, gradient: usize): f64 {
  if (union == 0 && records < stop) return scanWithoutPositives(records, stop, scale, gradient);
  let loss: f64 = 0;
  let size = FEW;
  for (let p = records; p < stop; ) {
    const first = p;
    p = scanDistinct(p, stop, scale as f32, gradient);
    // the more often some tie, the more are taken together
    size = p > first + FAR ? FEW : min<usize>(2 * size, MANY);
    const end = findTies(p, min(p + size, stop), stop);
    loss += distinctLoss + weighTies(scale as f32);
    writeTies(p, end, gradient);
    p = end;
  }
  return loss;
}

// where there are no positives at all, the first negatives, which tie, have all the weight
function scanWithoutPositives(records: usize, stop: usize, scale: f64, gradient: usize): f64 {
  const pixels = pixelBits();
  union = ((stop - records) >> 3) as i32;
  const g = (scale / (union as f64)) as f32;
  for (let p = records; p < stop; p += 8) store<f32>(gradient + ((load<u32>(p) & pixels) as usize), g);
  return 1 - (load<f32>(records, 4) as f64);
}

let distinctLoss: f64 = 0;

// Weighs four records a turn for as long as no two tie, and returns where that ends. D = P + fp and TP are whole numbers, exact in float32
// up to 2^24, and a weight is one quotient: (D + 1) / (D (D + 1)) of a positive, TP / (D (D + 1)) of a negative.
function scanDistinct(p: usize, stop: usize, scale: f32, gradient: usize): usize {
  distinctLoss = 0;
  if (p + 64 > stop) return p;
  const factor = held(f32x4.splat(scale));
  const one = held(f32x4.splat(1));
  const four = held(i32x4.splat(4));
  const pixels = pixelBits();
  let d = i32x4.splat(union);
  // TP = D - the records before
  let before = i32x4.add(i32x4.splat(union - intersection), i32x4(0, 1, 2, 3));
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
    const whole = i32x4.add(d, v128.load(counts, negativesAbove));
    const wide = f32x4.convert_i32x4_s(whole);
    const wider = f32x4.add(wide, one);
    const intersections = f32x4.convert_i32x4_s(i32x4.sub(whole, before));
    const weight = f32x4.div(v128.bitselect(wider, intersections, i32x4.shr_s(label, 31)), f32x4.mul(wide, wider));
    const terms = f32x4.mul(weight, f32x4.sub(one, margin));
    sum = f64x2.add(sum, lowHalf(f32x4.add(terms, i32x4.shuffle(terms, terms, 2, 3, 2, 3))));
    const g = f32x4.mul(v128.xor(weight, label), factor);
    v128.store_lane<f32>(gradient + ((load<u32>(p) & pixels) as usize), g, 0);
    v128.store_lane<f32>(gradient + ((load<u32>(p, 8) & pixels) as usize), g, 1);
    v128.store_lane<f32>(gradient + ((load<u32>(p, 16) & pixels) as usize), g, 2);
    v128.store_lane<f32>(gradient + ((load<u32>(p, 24) & pixels) as usize), g, 3);
    d = i32x4.add(d, v128.load(counts, inAll));
    before = i32x4.add(before, four);
    margin = next;
    label = i32x4.shl(i32x4.shuffle(a, b, 0, 2, 4, 6), 31);
  }
  union = i32x4.extract_lane(d, 0);
  intersection = union - i32x4.extract_lane(before, 0);
  distinctLoss = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  return p;
}

// Records that tie: each run of equal tieMargins has one g of its positives and one of its negatives. Neither finding runs nor writing
// gradient branches by where one ends.

// bytes of records: taken together at first, and at most; and weighed by fours where ties are rare
const FEW: usize = 128;
const MANY: usize = 4096;
const FAR: usize = 512;

// of each run, from the second place on: P + fp and TP after it, its margin, and the gradient of its negatives and of its positives
const TABLE_BYTES: i32 = (<i32>MANY >> 1) + 64;
const tieUnions = memory.data(TABLE_BYTES, 16);
const tieIntersections = memory.data(TABLE_BYTES, 16);
const tieMargins = memory.data(TABLE_BYTES, 16);
const negativeGradients = memory.data(TABLE_BYTES, 16);
const positiveGradients = memory.data(TABLE_BYTES, 16);

// By the bits that say which of four records are the last of their runs: bytes that move the lanes of these to the front, and bytes that
// give each record the lane of its run.
const ofLasts = memory.data(256, 16);
const ofRuns = memory.data(256, 16);
for (let bits = 0; bits < 16; bits++) {
  for (let i = 0, run = 0; i < 4; i++) {
    store<u32>(ofRuns + (bits << 4) + (i << 2), 0x03020100 + 0x04040404 * run);
    if ((bits >> i) & 1) store<u32>(ofLasts + (bits << 4) + (run++ << 2), 0x03020100 + 0x04040404 * i);
  }
}

// after the last run
let afterTies: usize = 0;

// Finds the runs of the records from `p` to `end`, and on until the last of them ends; returns where that is.
function findTies(p: usize, end: usize, stop: usize): usize {
  store<i32>(tieUnions, union);
  store<i32>(tieIntersections, intersection);
  const one = held(i32x4.splat(1));
  const four = held(i32x4.splat(4));
  let d = i32x4.splat(union);
  let before = i32x4.add(i32x4.splat(union - intersection), i32x4(1, 2, 3, 4));
  let run: usize = 4;
  let last: u32 = 0;
  for (; p + 40 <= stop; p += 32) {
    if (p >= end && last) break;
    const margin = marginsAt(p);
    last = i32x4.bitmask(i32x4.eq(margin, marginsAt(p + 8))) ^ 15;
    const label = labelsAt(p);
    const counts = (i32x4.bitmask(label) as usize) << 4;
    const after = i32x4.add(i32x4.add(d, v128.load(counts, negativesAbove)), i32x4.add(one, i32x4.shr_s(label, 31)));
    const bytes = v128.load((last as usize) << 4, ofLasts);
    v128.store(run, i8x16.swizzle(after, bytes), tieUnions);
    v128.store(run, i8x16.swizzle(i32x4.sub(after, before), bytes), tieIntersections);
    v128.store(run, i8x16.swizzle(margin, bytes), tieMargins);
    run += (popcnt<u32>(last) as usize) << 2;
    d = i32x4.add(d, v128.load(counts, inAll));
    before = i32x4.add(before, four);
  }
  union = i32x4.extract_lane(d, 0);
  intersection = union - i32x4.extract_lane(before, 0) + 1;
  return findTiesSingly(p, end, stop, run, last >> 3 == 0);
}

// the same one by one
function findTiesSingly(p: usize, end: usize, stop: usize, run: usize, open: bool): usize {
  while (p < stop && (p < end || open)) {
    const label = load<u32>(p) & 1;
    const margin = load<u32>(p, 4);
    intersection -= label;
    union += 1 - label;
    store<i32>(run, union, tieUnions);
    store<i32>(run, intersection, tieIntersections);
    store<u32>(run, margin, tieMargins);
    p += 8;
    open = p < stop && load<u32>(p, 4) == margin;
    if (!open) run += 4;
  }
  afterTies = run;
  // runs of no records fill up the last four
  v128.store(run, i32x4.splat(union), tieUnions);
  v128.store(run, i32x4.splat(intersection), tieIntersections);
  return p;
}

// @ts-ignore: decorator
@inline
function marginsAt(p: usize): v128 {
  return i32x4.shuffle(v128.load(p), v128.load(p, 16), 1, 3, 5, 7);
}

// as signs
// @ts-ignore: decorator
@inline
function labelsAt(p: usize): v128 {
  return i32x4.shl(i32x4.shuffle(v128.load(p), v128.load(p, 16), 0, 2, 4, 6), 31);
}

// Weighs the runs, four a turn, and returns what they add to the loss. With D = P + fp before a run, and De and TP after it, a positive
// weighs 1 / D, a negative TP / (D De).
function weighTies(scale: f32): f64 {
  const one = held(f32x4.splat(1));
  const factor = held(f32x4.splat(scale));
  let sum = f64x2.splat(0);
  for (let run: usize = 4; run < afterTies; run += 16) {
    const d = v128.load(run, tieUnions - 4);
    const after = v128.load(run, tieUnions);
    const tp = v128.load(run, tieIntersections);
    const positives = f32x4.convert_i32x4_s(i32x4.sub(v128.load(run, tieIntersections - 4), tp));
    const negatives = f32x4.convert_i32x4_s(i32x4.sub(after, d));
    const wide = f32x4.convert_i32x4_s(d);
    const up = f32x4.div(one, wide);
    const down = f32x4.div(f32x4.convert_i32x4_s(tp), f32x4.mul(wide, f32x4.convert_i32x4_s(after)));
    const weight = f32x4.add(f32x4.mul(up, positives), f32x4.mul(down, negatives));
    const terms = f32x4.mul(weight, f32x4.sub(one, v128.load(run, tieMargins)));
    // a weight of 0, as of a run of no records, silences an infinite error
    const finite = v128.and(terms, f32x4.gt(weight, f32x4.splat(0)));
    sum = f64x2.add(sum, lowHalf(f32x4.add(finite, i32x4.shuffle(finite, finite, 2, 3, 2, 3))));
    v128.store(run, f32x4.mul(down, factor), negativeGradients);
    v128.store(run, f32x4.neg(f32x4.mul(up, factor)), positiveGradients);
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

// writes the gradient of the runs' records
function writeTies(p: usize, end: usize, gradient: usize): void {
  const pixels = pixelBits();
  let run: usize = 4;
  for (; p + 32 <= end; p += 32) {
    const last = i32x4.bitmask(i32x4.eq(marginsAt(p), marginsAt(p + 8))) ^ 15;
    const bytes = v128.load((last as usize) << 4, ofRuns);
    const up = i8x16.swizzle(v128.load(run, positiveGradients), bytes);
    const g = v128.bitselect(up, i8x16.swizzle(v128.load(run, negativeGradients), bytes), i32x4.shr_s(labelsAt(p), 31));
    v128.store_lane<f32>(gradient + ((load<u32>(p) & pixels) as usize), g, 0);
    v128.store_lane<f32>(gradient + ((load<u32>(p, 8) & pixels) as usize), g, 1);
    v128.store_lane<f32>(gradient + ((load<u32>(p, 16) & pixels) as usize), g, 2);
    v128.store_lane<f32>(gradient + ((load<u32>(p, 24) & pixels) as usize), g, 3);
    run += (popcnt<u32>(last) as usize) << 2;
  }
  for (; p < end; p += 8) {
    const mark = load<u32>(p);
    store<f32>(gradient + ((mark & pixels) as usize), mark & 1 ? load<f32>(run, positiveGradients) : load<f32>(run, negativeGradients));
    run += ((load<u32>(p, 4) != load<u32>(p, 12)) as usize) << 2;
  }
}
