// The Lovász hinge by counting (see histogram.ts), where each pixel weighs 1, its labels bytes: i8, 1, 0 or -1 (void). Errors are not
// written down but made anew in each pass: that takes less time than to carry four bytes a pixel through the cache.

import { readLanes, writeLanes } from "../inline/lanes";
import { rangeAbove, weighBins } from "./histogram";

const SIGN: i32 = 0x80000000;

// what `survey` found: how many positives, the least margin of all, the largest of a positive
let positiveCount: u32 = 0;
let leastMargin: f32 = 0;
let mostPositive: f32 = 0;

// the last pixels, fewer than four, filled up with void ones
const tailLogits = memory.data(16, 16);
const tailLabels = memory.data(4, 4);

/**
 * The loss by counting in `bins` equal bins (see histogram.ts), and `scale` times the gradient by the logits, to `slopes`; NaN
 * where a logit is not finite though not void. `table`: room for bins + 1 pairs of u32.
 */
export function hingeBins_f32(logits: usize, labels: usize, n: u32, bins: u32, scale: f64, slopes: usize, table: usize): f64 {
  if (survey(logits, labels, n) >= 0x7f800000) return NaN;
  // below the least error of a positive nothing weighs
  const from = positiveCount > 0 ? max<f32>(1 - mostPositive, 0) : 0;
  const range = rangeAbove(reinterpret<u32>(max<f32>(1 - leastMargin, 0)));
  const factor = ((bins as f64) / range) as f32;
  memory.fill(table, 0, ((bins + 1) as usize) << 3);
  countMargins(logits, labels, n, bins, factor, from, table);
  const loss = weighBins(table, false, bins, range, positiveCount as f64, 1, 1, -scale, scale, table);
  slopeMargins(logits, labels, n, bins, factor, from, table, slopes);
  return loss;
}

// Looks through the pixels that are not void. Returns the largest of the logits without their sign, as bits: beyond those of
// infinity where there is NaN.
function survey(logits: usize, labels: usize, n: u32): u32 {
  positiveCount = 0;
  leastMargin = Infinity;
  mostPositive = -Infinity;
  const rest = (n & 3) as usize;
  const whole = (n as usize) - rest;
  store<i32>(tailLabels, -1);
  memory.copy(tailLogits, logits + (whole << 2), rest << 2);
  memory.copy(tailLabels, labels + whole, rest);
  const size = surveyFours(logits, labels, whole);
  return max(size, surveyFours(tailLogits, tailLabels, rest));
}

function surveyFours(logits: usize, labels: usize, n: usize): u32 {
  let size = i32x4.splat(0);
  let count = i32x4.splat(0);
  let least = f32x4.splat(Infinity);
  let positive = f32x4.splat(-Infinity);
  for (const end = labels + n; labels < end; logits += 16, labels += 4) {
    const logit = v128.load(logits);
    const label = readBytes(labels, false);
    const kept = i32x4.ge_s(label, i32x4.splat(0));
    const margin = marginOf(logit, label);
    const is = i32x4.gt_s(label, i32x4.splat(0));
    size = i32x4.max_s(size, v128.and(v128.and(logit, i32x4.splat(~SIGN)), kept));
    count = i32x4.sub(count, is);
    least = f32x4.pmin(least, v128.bitselect(margin, f32x4.splat(Infinity), kept));
    positive = f32x4.pmax(positive, v128.bitselect(margin, f32x4.splat(-Infinity), is));
  }
  positiveCount +=
    i32x4.extract_lane(count, 0) + i32x4.extract_lane(count, 1) + i32x4.extract_lane(count, 2) + i32x4.extract_lane(count, 3);
  leastMargin = min(leastMargin, -largestOf(f32x4.neg(least)));
  mostPositive = max(mostPositive, largestOf(positive));
  const pairs = i32x4.max_s(size, i32x4.shuffle(size, size, 2, 3, 0, 1));
  return max<u32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
}

// Counts the errors above 0, and at least `from`: see countBins.
function countMargins(logits: usize, labels: usize, n: u32, bins: u32, factor: f32, from: f32, table: usize): void {
  const none = i32x4.splat(bins << 1);
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4) {
    const at = places(logits + ((i as usize) << 2), labels + (i as usize), bins, factor, from, false);
    if (i32x4.all_true(i32x4.eq(at, none))) continue;
    count(table + ((i32x4.extract_lane(at, 0) as usize) << 2));
    count(table + ((i32x4.extract_lane(at, 1) as usize) << 2));
    count(table + ((i32x4.extract_lane(at, 2) as usize) << 2));
    count(table + ((i32x4.extract_lane(at, 3) as usize) << 2));
  }
  for (; i < n; i++) {
    const at = places(logits + ((i as usize) << 2), labels + (i as usize), bins, factor, from, true);
    count(table + ((i32x4.extract_lane(at, 0) as usize) << 2));
  }
}

// @ts-ignore: decorator
@inline
function count(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}

// writes the slope of each pixel's bin
function slopeMargins(logits: usize, labels: usize, n: u32, bins: u32, factor: f32, from: f32, table: usize, slopes: usize): void {
  const none = i32x4.splat(bins << 1);
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4, slopes += 16) {
    const at = places(logits + ((i as usize) << 2), labels + (i as usize), bins, factor, from, false);
    if (i32x4.all_true(i32x4.eq(at, none))) v128.store(slopes, f32x4.splat(0));
    else v128.store(slopes, slopesAt(table, at));
  }
  for (; i < n; i++, slopes += 4) {
    const at = places(logits + ((i as usize) << 2), labels + (i as usize), bins, factor, from, true);
    writeLanes(slopes, slopesAt(table, at), true);
  }
}

// 2 bin + label; what does not count goes to the bin after the last
// @ts-ignore: decorator
@inline
function places(logits: usize, labels: usize, bins: u32, factor: f32, from: f32, single: bool): v128 {
  const label = readBytes(labels, single);
  const error = f32x4.sub(f32x4.splat(1), marginOf(readLanes(logits, single), label));
  const bin = i32x4.min_s(i32x4.trunc_sat_f32x4_s(f32x4.mul(error, f32x4.splat(factor))), i32x4.splat(bins - 1));
  const counts = v128.and(f32x4.gt(error, f32x4.splat(0)), f32x4.ge(error, f32x4.splat(from)));
  const place = i32x4.add(i32x4.shl(bin, 1), label);
  return v128.bitselect(place, i32x4.splat(bins << 1), v128.and(counts, i32x4.ge_s(label, i32x4.splat(0))));
}

// @ts-ignore: decorator
@inline
function slopesAt(table: usize, place: v128): v128 {
  let slope = v128.load32_zero(table + ((i32x4.extract_lane(place, 0) as usize) << 2));
  slope = v128.load_lane<f32>(table + ((i32x4.extract_lane(place, 1) as usize) << 2), slope, 1);
  slope = v128.load_lane<f32>(table + ((i32x4.extract_lane(place, 2) as usize) << 2), slope, 2);
  return v128.load_lane<f32>(table + ((i32x4.extract_lane(place, 3) as usize) << 2), slope, 3);
}

// the logit of a positive, minus the logit of a negative
// @ts-ignore: decorator
@inline
function marginOf(logit: v128, label: v128): v128 {
  return v128.xor(logit, v128.and(i32x4.eq(label, i32x4.splat(0)), i32x4.splat(SIGN)));
}

// four labels as i32, or (`single`) one in every lane
// @ts-ignore: decorator
@inline
function readBytes(labels: usize, single: bool): v128 {
  if (single) return i32x4.splat(load<i8>(labels) as i32);
  return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(labels)));
}

function largestOf(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}
