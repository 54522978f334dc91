// Margins of the hinge: the logit of a positive, minus the logit of a negative. The error of a pixel is 1 - margin where that is above 0.
// Labels are bytes: i8, 1, 0 or -1 (ignored).

import { held } from "../../inline/held";
import { highHalf, lowHalf, maxF32, maxU32, sumI32 } from "../../inline/lanes";

const SIGN: i32 = 0x80000000;
// the bits of infinity
const INFINITY_BITS: u32 = 0x7f800000;

/** What `scanRange` learns of the pixels that are not ignored. */
// @ts-ignore: decorator
@unmanaged
class MarginRange {
  positives: u32 = 0;
  least: f32 = 0;
  /** The largest margin of a positive. */
  mostPositive: f32 = 0;
  /** The largest margin below 1. */
  mostSorted: f32 = 0;
  /** Whether some margins are so small that float64 may not tell them apart in 1 - margin. */
  hasTiny: u32 = 0;
}

export const range = changetype<MarginRange>(memory.data(32, 16));

// larger margins are multiples of 2^-52 as they are
const TINY: f32 = 3.725290298461914e-9;

/** The last pixels that `readTail` copied, fewer than four, filled up with ignored ones. */
export const tailLogits = memory.data(16, 16);
export const tailLabels = memory.data(4, 4);
const tailMargins = memory.data(16, 16);

/** Four margins. */
// @ts-ignore: decorator
@inline
export function marginOf(logit: v128, label: v128): v128 {
  return v128.xor(logit, v128.and(i32x4.eq(label, i32x4.splat(0)), i32x4.splat(SIGN)));
}

/** Four labels as i32. */
// @ts-ignore: decorator
@inline
export function readBytes(labels: usize): v128 {
  return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(labels)));
}

/**
 * Fills `range`, and writes the margins to `margins` (n + 4; 0: nowhere), those of ignored pixels as infinity. Returns
 * whether no logit is NaN.
 */
export function scanRange(logits: usize, labels: usize, n: u32, margins: usize): bool {
  range.positives = 0;
  range.least = Infinity;
  range.mostPositive = -Infinity;
  range.mostSorted = -Infinity;
  range.hasTiny = 0;
  const tail = readTail(logits, labels, n);
  const whole = (n as usize) - tail;
  const size = margins ? scanRangeX4(logits, labels, whole, margins) : scanRangeX4(logits, labels, whole, 0);
  const tailSize = scanRangeX4(tailLogits, tailLabels, tail, margins ? margins + (whole << 2) : tailMargins);
  return max(size, tailSize) <= INFINITY_BITS;
}

/** Copies the last n % 4 pixels; returns how many there are. */
export function readTail(logits: usize, labels: usize, n: u32): usize {
  const tail = (n & 3) as usize;
  const whole = (n as usize) - tail;
  store<i32>(tailLabels, -1);
  memory.copy(tailLogits, logits + (whole << 2), tail << 2);
  memory.copy(tailLabels, labels + whole, tail);
  return tail;
}

// Returns the largest bits of a logit without its sign. Calls within this loop would halve its speed.
// @ts-ignore: decorator
@inline
function scanRangeX4(logits: usize, labels: usize, n: usize, margins: usize): u32 {
  const sign = held(i32x4.splat(SIGN));
  const none = held(f32x4.splat(Infinity));
  const one = held(f32x4.splat(1));
  const unit = held(i32x4.splat(1));
  let largest = i32x4.splat(0);
  let smallest = none;
  let notPositive = i32x4.splat(0);
  let least = none;
  let positive = f32x4.splat(-Infinity);
  let sorted = positive;
  for (const end = labels + n; labels < end; logits += 16, labels += 4) {
    const label = readBytes(labels);
    const kept = i32x4.ge_s(label, i32x4.splat(0));
    const margin = v128.bitselect(marginOf(v128.load(logits), label), none, kept);
    if (margins) {
      v128.store(margins, margin);
      margins += 16;
    }
    const size = v128.andnot(margin, sign);
    largest = i32x4.max_s(largest, size);
    // 0 wraps around to the largest
    smallest = i32x4.min_u(smallest, i32x4.sub(size, unit));
    least = f32x4.pmin(least, margin);
    // NaN compares as above nothing: it takes the place of lanes that a maximum leaves out
    const isNotPositive = i32x4.lt_s(label, i32x4.splat(1));
    notPositive = i32x4.sub(notPositive, isNotPositive);
    positive = f32x4.pmax(positive, v128.or(margin, isNotPositive));
    sorted = f32x4.pmax(sorted, v128.or(margin, f32x4.ge(margin, one)));
  }
  range.positives += (((n as u32) + 3) & ~3) - sumI32(notPositive);
  range.least = min(range.least, -maxF32(f32x4.neg(least)));
  range.mostPositive = max(range.mostPositive, maxF32(positive));
  range.mostSorted = max(range.mostSorted, maxF32(sorted));
  range.hasTiny |= v128.any_true(i32x4.lt_u(smallest, i32x4.splat(reinterpret<i32>(TINY) - 1))) as u32;
  return maxU32(largest);
}

/** Makes margins equal that leave equal errors in float64. */
export function roundMargins(margins: usize, n: u32): void {
  const one = held(f64x2.splat(1));
  for (const end = margins + ((n as usize) << 2); margins < end; margins += 16) {
    const margin = v128.load(margins);
    const left = f32x4.demote_f64x2_zero(f64x2.sub(one, f64x2.sub(one, lowHalf(margin))));
    const right = f32x4.demote_f64x2_zero(f64x2.sub(one, f64x2.sub(one, highHalf(margin))));
    v128.store(margins, i64x2.shuffle(left, right, 0, 2));
  }
}

/** The margin that leaves the same error in float64. */
// @ts-ignore: decorator
@inline
export function rounded(margin: f32): f32 {
  return margin < 1 ? ((1 - (1 - (margin as f64))) as f32) : margin;
}

/**
 * Margins below 1 go to buckets by the bits of error + 1/4, rounded to float32. The sum spaces small errors, none of which weighs
 * much, evenly, and large ones by their exponent.
 */
// @ts-ignore: decorator
@inline
export function bucketKey(margin: f32): u32 {
  return reinterpret<u32>(KEY_ORIGIN - margin);
}

/** `bucketKey` subtracts the margin from this. */
export const KEY_ORIGIN: f32 = 1.25;
