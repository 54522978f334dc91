// Runs of equal margins: each has one derivative for its positives and one for its negatives. Neither finding runs nor writing their
// gradients branches by where a run ends.

import { held } from "../../inline/held";
import { lowHalf, sumF64 } from "../../inline/lanes";
import { inAll, negativesAbove } from "../../inline/negatives";
import { labelSignsAt, marginsAt, storeX4 } from "../sort/marginRecord";
import { count } from "./count";

/** Bytes of records that may be scanned at once. */
export const LONGEST: usize = 4096;

// Of each run, from the second entry on: P + fp and TP after it, its margin, and the derivatives of its negatives and positives. The first
// entry holds P + fp and TP before all runs.
const TABLE_BYTES: i32 = (<i32>LONGEST >> 1) + 64;
const tieUnions = memory.data(TABLE_BYTES, 16);
const tieIntersections = memory.data(TABLE_BYTES, 16);
const tieMargins = memory.data(TABLE_BYTES, 16);
const negativeDerivatives = memory.data(TABLE_BYTES, 16);
const positiveDerivatives = memory.data(TABLE_BYTES, 16);

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

// @ts-ignore: decorator
@unmanaged
class Ties {
  /** The offset of the entry behind the last run. */
  end: usize = 0;
}

const ties = changetype<Ties>(memory.data(16, 16));

/** Finds the runs of the records from `p` to `end`, and on until the last run ends; returns where that is. */
export function findTies(p: usize, end: usize, stop: usize): usize {
  store<i32>(tieUnions, count.union);
  store<i32>(tieIntersections, count.intersection);
  const one = held(i32x4.splat(1));
  const four = held(i32x4.splat(4));
  let union = i32x4.splat(count.union);
  let before = i32x4.add(i32x4.splat(count.union - count.intersection), i32x4(1, 2, 3, 4));
  let run: usize = 4;
  let last: u32 = 0;
  for (; p + 40 <= stop; p += 32) {
    if (p >= end && last) break;
    const margin = marginsAt(p);
    last = i32x4.bitmask(i32x4.eq(margin, marginsAt(p + 8))) ^ 15;
    const label = labelSignsAt(p);
    const counts = (i32x4.bitmask(label) as usize) << 4;
    const after = i32x4.add(i32x4.add(union, v128.load(counts, negativesAbove)), i32x4.add(one, i32x4.shr_s(label, 31)));
    const bytes = v128.load((last as usize) << 4, ofLasts);
    v128.store(run, i8x16.swizzle(after, bytes), tieUnions);
    v128.store(run, i8x16.swizzle(i32x4.sub(after, before), bytes), tieIntersections);
    v128.store(run, i8x16.swizzle(margin, bytes), tieMargins);
    run += (popcnt<u32>(last) as usize) << 2;
    union = i32x4.add(union, v128.load(counts, inAll));
    before = i32x4.add(before, four);
  }
  count.union = i32x4.extract_lane(union, 0);
  count.intersection = count.union - i32x4.extract_lane(before, 0) + 1;
  return findTiesSingly(p, end, stop, run, last >> 3 == 0);
}

// the same one by one
function findTiesSingly(p: usize, end: usize, stop: usize, run: usize, open: bool): usize {
  while (p < stop && (p < end || open)) {
    const label = load<u32>(p) & 1;
    const margin = load<u32>(p, 4);
    count.intersection -= label;
    count.union += 1 - label;
    store<i32>(run, count.union, tieUnions);
    store<i32>(run, count.intersection, tieIntersections);
    store<u32>(run, margin, tieMargins);
    p += 8;
    open = p < stop && load<u32>(p, 4) == margin;
    if (!open) run += 4;
  }
  ties.end = run;
  // runs of no records fill up the last four
  v128.store(run, i32x4.splat(count.union), tieUnions);
  v128.store(run, i32x4.splat(count.intersection), tieIntersections);
  return p;
}

/**
 * Weighs the runs, four at a time, and returns what they add to the loss. With D = P + fp before a run, and D' and TP after it, a
 * positive weighs 1 / D, a negative TP / (D D').
 */
export function weighTies(scale: f32): f64 {
  const one = held(f32x4.splat(1));
  const factor = held(f32x4.splat(scale));
  let sum = f64x2.splat(0);
  const end = ties.end;
  for (let run: usize = 4; run < end; run += 16) {
    const d = v128.load(run, tieUnions - 4);
    const after = v128.load(run, tieUnions);
    const tp = v128.load(run, tieIntersections);
    const positives = f32x4.convert_i32x4_s(i32x4.sub(v128.load(run, tieIntersections - 4), tp));
    const negatives = f32x4.convert_i32x4_s(i32x4.sub(after, d));
    const dFloat = f32x4.convert_i32x4_s(d);
    const up = f32x4.div(one, dFloat);
    const down = f32x4.div(f32x4.convert_i32x4_s(tp), f32x4.mul(dFloat, f32x4.convert_i32x4_s(after)));
    const weight = f32x4.add(f32x4.mul(up, positives), f32x4.mul(down, negatives));
    const terms = f32x4.mul(weight, f32x4.sub(one, v128.load(run, tieMargins)));
    // a weight of 0, as of a run of no records, silences an infinite error
    const finite = v128.and(terms, f32x4.gt(weight, f32x4.splat(0)));
    sum = f64x2.add(sum, lowHalf(f32x4.add(finite, i32x4.shuffle(finite, finite, 2, 3, 2, 3))));
    v128.store(run, f32x4.mul(down, factor), negativeDerivatives);
    v128.store(run, f32x4.neg(f32x4.mul(up, factor)), positiveDerivatives);
  }
  return sumF64(sum);
}

/** Writes the gradient of the pixels of the runs; `pixels` masks these in a record. */
export function writeTies(p: usize, end: usize, pixels: u32, gradient: usize): void {
  let run: usize = 4;
  for (; p + 32 <= end; p += 32) {
    const last = i32x4.bitmask(i32x4.eq(marginsAt(p), marginsAt(p + 8))) ^ 15;
    const bytes = v128.load((last as usize) << 4, ofRuns);
    const up = i8x16.swizzle(v128.load(run, positiveDerivatives), bytes);
    const derivative = v128.bitselect(up, i8x16.swizzle(v128.load(run, negativeDerivatives), bytes), i32x4.shr_s(labelSignsAt(p), 31));
    storeX4(p, pixels, derivative, gradient);
    run += (popcnt<u32>(last) as usize) << 2;
  }
  for (; p < end; p += 8) {
    const mark = load<u32>(p);
    store<f32>(gradient + ((mark & pixels) as usize), mark & 1 ? load<f32>(run, positiveDerivatives) : load<f32>(run, negativeDerivatives));
    run += ((load<u32>(p, 4) != load<u32>(p, 12)) as usize) << 2;
  }
}
