// Takes a large image of the hinge apart by error, so that what works on a range stays within the cache: the pixels of each range lie
// together, in the order they have in the image. Walking the image once more in that order finds each pixel again, so that no entry needs
// to be kept.

import { held } from "../../inline/held";
import { marginOf, readBytes, readTail, KEY_ORIGIN, bucketKey, tailLabels, tailLogits } from "../errors/margins";

// ranges have about so many pixels
const RANGE_PIXELS: u32 = 1 << 16;
const MOST_RANGES: u32 = 1024;

// ranges are made of bins of errors: of each the address of its range's cursor, and of one more, of the pixels that are not sorted
const BITS: u32 = 12;
const BINS: u32 = 1 << BITS;
const cursorOfBin = memory.data(16400, 16);
// of each range the next pixel, and of one more, as above; and where each begins
const cursors = memory.data(4112, 16);
const starts = memory.data(4112, 16);

const tailGradient = memory.data(16, 16);

// the largest sorted margin, the bits of the largest error, bucketKey, and how many last bits of what is left of unsortedBin are the same in a bin
let last: f32 = 0;
let firstKey: u32 = 0;
let shift: u32 = 0;

/**
 * Finds the ranges of an image whose margins are from `least` to `most` where they are sorted; returns how many there are. The first holds
 * the largest errors.
 */
export function planRanges(logits: usize, labels: usize, n: u32, least: f32, most: f32): u32 {
  last = most;
  firstKey = bucketKey(least);
  shift = max<i32>(0, 32 - (clz<u32>(firstKey - bucketKey(last)) as i32) - BITS);
  memory.fill(cursorOfBin, 0, (BINS + 1) << 2);
  const tail = readTail(logits, labels, n);
  countBins(logits, labels, (n as usize) - tail);
  countBins(tailLogits, tailLabels, tail);
  return makeRanges(n);
}

/** How many pixels the largest of so many ranges has. */
export function largestRange(ranges: u32): u32 {
  let largest: u32 = 0;
  for (let range: u32 = 0; range < ranges; range++) largest = max(largest, sizeOf(range));
  return largest;
}

/** The first pixel of a range, and of what is behind the last. */
// @ts-ignore: decorator
@inline
export function startOf(range: u32): usize {
  return load<u32>(starts + ((range as usize) << 2));
}

/** How many pixels a range has. */
// @ts-ignore: decorator
@inline
export function sizeOf(range: u32): u32 {
  return (startOf(range + 1) - startOf(range)) as u32;
}

/** Writes logits and labels of each range to where it starts in `rangeLogits` and `rangeLabels`, with room for four pixels more than there are. */
export function partition(logits: usize, labels: usize, n: u32, rangeLogits: usize, rangeLabels: usize): void {
  const tail = readTail(logits, labels, n);
  partitionX4(logits, labels, (n as usize) - tail, rangeLogits, rangeLabels);
  partitionX4(tailLogits, tailLabels, tail, rangeLogits, rangeLabels);
}

function partitionX4(logits: usize, labels: usize, n: usize, rangeLogits: usize, rangeLabels: usize): void {
  const to = held(f32x4.splat(last));
  const above = held(f32x4.splat(KEY_ORIGIN));
  const first = held(i32x4.splat(firstKey));
  const unsortedBin = held(i32x4.splat(BINS));
  const by = shift;
  const unsorted = load<u32>((BINS as usize) << 2, cursorOfBin);
  const none = load<u32>(unsorted);
  for (const end = labels + n; labels < end; logits += 16, labels += 4) {
    const logit = v128.load(logits);
    const label = readBytes(labels);
    const bin = binsOf(marginOf(logit, label), label, to, above, first, unsortedBin, by);
    // a store whose address is not known yet holds up the loads behind it
    const at0 = next(i32x4.extract_lane(bin, 0));
    const at1 = next(i32x4.extract_lane(bin, 1));
    const at2 = next(i32x4.extract_lane(bin, 2));
    const at3 = next(i32x4.extract_lane(bin, 3));
    store<u32>(unsorted, none);
    v128.store_lane<f32>(rangeLogits + (at0 << 2), logit, 0);
    v128.store_lane<f32>(rangeLogits + (at1 << 2), logit, 1);
    v128.store_lane<f32>(rangeLogits + (at2 << 2), logit, 2);
    v128.store_lane<f32>(rangeLogits + (at3 << 2), logit, 3);
    store<u8>(rangeLabels + at0, load<u8>(labels));
    store<u8>(rangeLabels + at1, load<u8>(labels, 1));
    store<u8>(rangeLabels + at2, load<u8>(labels, 2));
    store<u8>(rangeLabels + at3, load<u8>(labels, 3));
  }
}

// the next pixel of the range of a bin
// @ts-ignore: decorator
@inline
function next(bin: usize): usize {
  const cursor = load<u32>(bin, cursorOfBin);
  const at = load<u32>(cursor);
  store<u32>(cursor, at + 1);
  return at;
}

/** Writes the gradient of `ranges` ranges, which lie as their logits did, to `gradient` in the order of the image; 0 for what is not sorted. */
export function restoreGradient(logits: usize, labels: usize, n: u32, ranges: u32, rangeGradient: usize, gradient: usize): void {
  memory.copy(cursors, starts, ranges << 2);
  v128.store(rangeGradient + ((n as usize) << 2), i32x4.splat(0));
  const tail = readTail(logits, labels, n);
  const whole = (n as usize) - tail;
  restoreX4(logits, labels, whole, rangeGradient, gradient);
  restoreX4(tailLogits, tailLabels, tail, rangeGradient, tailGradient);
  memory.copy(gradient + (whole << 2), tailGradient, tail << 2);
}

function restoreX4(logits: usize, labels: usize, n: usize, rangeGradient: usize, gradient: usize): void {
  const to = held(f32x4.splat(last));
  const above = held(f32x4.splat(KEY_ORIGIN));
  const first = held(i32x4.splat(firstKey));
  const unsortedBin = held(i32x4.splat(BINS));
  const by = shift;
  const unsorted = load<u32>((BINS as usize) << 2, cursorOfBin);
  const none = load<u32>(unsorted);
  for (const end = labels + n; labels < end; logits += 16, labels += 4, gradient += 16) {
    const label = readBytes(labels);
    const bin = binsOf(marginOf(v128.load(logits), label), label, to, above, first, unsortedBin, by);
    let g = v128.load32_zero(rangeGradient + (next(i32x4.extract_lane(bin, 0)) << 2));
    g = v128.load_lane<f32>(rangeGradient + (next(i32x4.extract_lane(bin, 1)) << 2), g, 1);
    g = v128.load_lane<f32>(rangeGradient + (next(i32x4.extract_lane(bin, 2)) << 2), g, 2);
    g = v128.load_lane<f32>(rangeGradient + (next(i32x4.extract_lane(bin, 3)) << 2), g, 3);
    v128.store(gradient, g);
    store<u32>(unsorted, none);
  }
}

// four times the bin of each pixel
// @ts-ignore: decorator
@inline
function binsOf(margin: v128, label: v128, to: v128, above: v128, first: v128, unsortedBin: v128, by: i32): v128 {
  const left = i32x4.sub(first, f32x4.sub(above, margin));
  const beyond = v128.or(f32x4.gt(margin, to), i32x4.shr_s(label, 31));
  return i32x4.shl(i32x4.min_u(i32x4.shr_u(v128.or(left, beyond), by), unsortedBin), 2);
}

// counts the pixels in each bin
function countBins(logits: usize, labels: usize, n: usize): void {
  const to = held(f32x4.splat(last));
  const above = held(f32x4.splat(KEY_ORIGIN));
  const first = held(i32x4.splat(firstKey));
  const unsortedBin = held(i32x4.splat(BINS));
  const by = shift;
  for (const end = labels + n; labels < end; logits += 16, labels += 4) {
    const label = readBytes(labels);
    const bin = binsOf(marginOf(v128.load(logits), label), label, to, above, first, unsortedBin, by);
    count(i32x4.extract_lane(bin, 0));
    count(i32x4.extract_lane(bin, 1));
    count(i32x4.extract_lane(bin, 2));
    count(i32x4.extract_lane(bin, 3));
  }
}

// @ts-ignore: decorator
@inline
function count(bin: usize): void {
  store<u32>(bin, load<u32>(bin, cursorOfBin) + 1, cursorOfBin);
}

// Bins become ranges of about RANGE_PIXELS pixels, from the largest error down; returns how many. What is not sorted has a cursor behind
// theirs, at pixel `n`.
function makeRanges(n: u32): u32 {
  const most = max(RANGE_PIXELS, n >> 9);
  let ranges: u32 = 0;
  let pixel: u32 = 0;
  let size: u32 = 0;
  for (let bin: u32 = 0; bin < BINS; bin++) {
    const entry = cursorOfBin + ((bin as usize) << 2);
    const c = load<u32>(entry);
    if (c > 0 && ranges < MOST_RANGES && (ranges == 0 || size + c > most)) {
      store<u32>(starts + ((ranges as usize) << 2), pixel);
      ranges++;
      size = 0;
    }
    if (ranges > 0) store<u32>(entry, (cursors + ((ranges as usize) << 2) - 4) as u32);
    size += c;
    pixel += c;
  }
  store<u32>(starts + ((ranges as usize) << 2), pixel);
  memory.copy(cursors, starts, (ranges as usize) << 2);
  store<u32>(cursors + ((ranges as usize) << 2), n);
  store<u32>(cursorOfBin + ((BINS as usize) << 2), (cursors + ((ranges as usize) << 2)) as u32);
  return ranges;
}
