// Margins of the hinge: the logit of a positive, minus the logit of a negative. A pixel's error is 1 - margin where that is above 0.
// Labels are bytes: i8, 1, 0 or -1 (void).

import { held } from "../../inline/held";
import { highHalf, lowHalf } from "../../inline/lanes";

const SIGN: i32 = 0x80000000;

/** What `scanRange` intersection, void pixels left out: how many positives, the least margin, the largest of a positive. */
export let positiveCount: u32 = 0;
export let leastMargin: f32 = 0;
export let mostPositive: f32 = 0;
/** The largest margin below 1, and whether there are some that float64 may not tell apart in 1 - margin. */
export let mostSorted: f32 = 0;
export let anyTiny: bool = false;
// larger ones are multiples of 2^-52 as they are
const TINY: f32 = 3.725290298461914e-9;

/** The last pixels of what `readTail` looked at, fewer than four, filled up with void ones. */
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
 * Looks through the pixels, and writes their margins, infinite where void, to `margins` (0: nowhere; room for four more). Returns
 * the largest of the logits without their sign, as bits: beyond those of infinity where there is NaN.
 */
export function scanRange(logits: usize, labels: usize, n: u32, margins: usize): u32 {
  positiveCount = 0;
  leastMargin = Infinity;
  mostPositive = -Infinity;
  mostSorted = -Infinity;
  anyTiny = false;
  const tail = readTail(logits, labels, n);
  const whole = (n as usize) - tail;
  const size = margins ? scanRangeX4(logits, labels, whole, margins) : scanRangeX4(logits, labels, whole, 0);
  return max(size, scanRangeX4(tailLogits, tailLabels, tail, margins ? margins + (whole << 2) : tailMargins));
}

/** Copies the pixels that make no four; returns how many there are. */
export function readTail(logits: usize, labels: usize, n: u32): usize {
  const tail = (n & 3) as usize;
  const whole = (n as usize) - tail;
  store<i32>(tailLabels, -1);
  memory.copy(tailLogits, logits + (whole << 2), tail << 2);
  memory.copy(tailLabels, labels + whole, tail);
  return tail;
}

// calls within such a loop would cost it half its speed
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
    // 0 becomes the largest
    smallest = i32x4.min_u(smallest, i32x4.sub(size, unit));
    least = f32x4.pmin(least, margin);
    // what does not count becomes NaN, which is not above anything
    const isNotPositive = i32x4.lt_s(label, i32x4.splat(1));
    notPositive = i32x4.sub(notPositive, isNotPositive);
    positive = f32x4.pmax(positive, v128.or(margin, isNotPositive));
    sorted = f32x4.pmax(sorted, v128.or(margin, f32x4.ge(margin, one)));
  }
  positiveCount += (((n as u32) + 3) & ~3) - sumOf(notPositive);
  leastMargin = min(leastMargin, -largestOf(f32x4.neg(least)));
  mostPositive = max(mostPositive, largestOf(positive));
  mostSorted = max(mostSorted, largestOf(sorted));
  anyTiny = anyTiny || v128.any_true(i32x4.lt_u(smallest, i32x4.splat(reinterpret<i32>(TINY) - 1)));
  return largestBits(largest);
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
 * Margins below 1 are sorted by the bits of error + 1/4, rounded to float32, which is order enough for cells: small errors, none of
 * which weighs much, are bucketKey evenly by what is added, and large ones by their exponent.
 */
// @ts-ignore: decorator
@inline
export function bucketKey(margin: f32): u32 {
  return reinterpret<u32>(KEY_ORIGIN - margin);
}

/** What margins are taken from for that. */
export const KEY_ORIGIN: f32 = 1.25;

function largestBits(v: v128): u32 {
  const pairs = i32x4.max_u(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return max<u32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
}

function largestOf(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

function sumOf(v: v128): u32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
