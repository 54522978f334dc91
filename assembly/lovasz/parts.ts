// Takes a large image of the hinge apart by error, so that what works on a part stays within the cache: the pixels of each part lie
// together, in the order they have in the image. Walking the image once more in that order finds each pixel again, so that no place needs
// to be kept.

import { held } from "../inline/held";
import { marginOf, readBytes, readTail, SPREAD, spread, tailLabels, tailLogits } from "./margins";

// parts have about so many pixels
const PART: u32 = 1 << 16;
const MOST_PARTS: u32 = 1024;

// parts are made of bins of errors: of each the address of its part's cursor, and of one more, of the pixels that are not sorted
const BITS: u32 = 12;
const BINS: u32 = 1 << BITS;
const places = memory.data(16400, 16);
// of each part the next pixel, and of one more, as above; and where each begins
const cursors = memory.data(4112, 16);
const starts = memory.data(4112, 16);

const tailSlopes = memory.data(16, 16);

// the largest sorted margin, the bits of the largest error, spread, and how many last bits of what is left of others are the same in a bin
let last: f32 = 0;
let top: u32 = 0;
let shift: u32 = 0;

/**
 * Finds the parts of an image whose margins are from `least` to `most` where they are sorted; returns how many there are. The first holds
 * the largest errors.
 */
export function findParts(logits: usize, labels: usize, n: u32, least: f32, most: f32): u32 {
  last = most;
  top = spread(least);
  shift = max<i32>(0, 32 - (clz<u32>(top - spread(last)) as i32) - BITS);
  memory.fill(places, 0, (BINS + 1) << 2);
  const rest = readTail(logits, labels, n);
  countBins(logits, labels, (n as usize) - rest);
  countBins(tailLogits, tailLabels, rest);
  return makeParts(n);
}

/** How many pixels the largest of so many parts has. */
export function largestPart(parts: u32): u32 {
  let largest: u32 = 0;
  for (let part: u32 = 0; part < parts; part++) largest = max(largest, sizeOf(part));
  return largest;
}

/** The first pixel of a part, and of what is behind the last. */
// @ts-ignore: decorator
@inline
export function startOf(part: u32): usize {
  return load<u32>(starts + ((part as usize) << 2));
}

/** How many pixels a part has. */
// @ts-ignore: decorator
@inline
export function sizeOf(part: u32): u32 {
  return (startOf(part + 1) - startOf(part)) as u32;
}

/** Writes logits and labels of each part to where it starts in `partLogits` and `partLabels`, with room for four pixels more than there are. */
export function takeApart(logits: usize, labels: usize, n: u32, partLogits: usize, partLabels: usize): void {
  const rest = readTail(logits, labels, n);
  takeFours(logits, labels, (n as usize) - rest, partLogits, partLabels);
  takeFours(tailLogits, tailLabels, rest, partLogits, partLabels);
}

function takeFours(logits: usize, labels: usize, n: usize, partLogits: usize, partLabels: usize): void {
  const to = held(f32x4.splat(last));
  const above = held(f32x4.splat(SPREAD));
  const first = held(i32x4.splat(top));
  const others = held(i32x4.splat(BINS));
  const by = shift;
  const unsorted = load<u32>((BINS as usize) << 2, places);
  const none = load<u32>(unsorted);
  for (const end = labels + n; labels < end; logits += 16, labels += 4) {
    const logit = v128.load(logits);
    const label = readBytes(labels);
    const bin = binsOf(marginOf(logit, label), label, to, above, first, others, by);
    // a store whose address is not known yet holds up the loads behind it
    const at0 = next(i32x4.extract_lane(bin, 0));
    const at1 = next(i32x4.extract_lane(bin, 1));
    const at2 = next(i32x4.extract_lane(bin, 2));
    const at3 = next(i32x4.extract_lane(bin, 3));
    store<u32>(unsorted, none);
    v128.store_lane<f32>(partLogits + (at0 << 2), logit, 0);
    v128.store_lane<f32>(partLogits + (at1 << 2), logit, 1);
    v128.store_lane<f32>(partLogits + (at2 << 2), logit, 2);
    v128.store_lane<f32>(partLogits + (at3 << 2), logit, 3);
    store<u8>(partLabels + at0, load<u8>(labels));
    store<u8>(partLabels + at1, load<u8>(labels, 1));
    store<u8>(partLabels + at2, load<u8>(labels, 2));
    store<u8>(partLabels + at3, load<u8>(labels, 3));
  }
}

// the next pixel of the part of a bin
// @ts-ignore: decorator
@inline
function next(bin: usize): usize {
  const cursor = load<u32>(bin, places);
  const at = load<u32>(cursor);
  store<u32>(cursor, at + 1);
  return at;
}

/** Writes the slopes of `parts` parts, which lie as their logits did, to `slopes` in the order of the image; 0 for what is not sorted. */
export function putBack(logits: usize, labels: usize, n: u32, parts: u32, partSlopes: usize, slopes: usize): void {
  memory.copy(cursors, starts, parts << 2);
  v128.store(partSlopes + ((n as usize) << 2), i32x4.splat(0));
  const rest = readTail(logits, labels, n);
  const whole = (n as usize) - rest;
  putFours(logits, labels, whole, partSlopes, slopes);
  putFours(tailLogits, tailLabels, rest, partSlopes, tailSlopes);
  memory.copy(slopes + (whole << 2), tailSlopes, rest << 2);
}

function putFours(logits: usize, labels: usize, n: usize, partSlopes: usize, slopes: usize): void {
  const to = held(f32x4.splat(last));
  const above = held(f32x4.splat(SPREAD));
  const first = held(i32x4.splat(top));
  const others = held(i32x4.splat(BINS));
  const by = shift;
  const unsorted = load<u32>((BINS as usize) << 2, places);
  const none = load<u32>(unsorted);
  for (const end = labels + n; labels < end; logits += 16, labels += 4, slopes += 16) {
    const label = readBytes(labels);
    const bin = binsOf(marginOf(v128.load(logits), label), label, to, above, first, others, by);
    let slope = v128.load32_zero(partSlopes + (next(i32x4.extract_lane(bin, 0)) << 2));
    slope = v128.load_lane<f32>(partSlopes + (next(i32x4.extract_lane(bin, 1)) << 2), slope, 1);
    slope = v128.load_lane<f32>(partSlopes + (next(i32x4.extract_lane(bin, 2)) << 2), slope, 2);
    slope = v128.load_lane<f32>(partSlopes + (next(i32x4.extract_lane(bin, 3)) << 2), slope, 3);
    v128.store(slopes, slope);
    store<u32>(unsorted, none);
  }
}

// four times the bin of each pixel
// @ts-ignore: decorator
@inline
function binsOf(margin: v128, label: v128, to: v128, above: v128, first: v128, others: v128, by: i32): v128 {
  const left = i32x4.sub(first, f32x4.sub(above, margin));
  const beyond = v128.or(f32x4.gt(margin, to), i32x4.shr_s(label, 31));
  return i32x4.shl(i32x4.min_u(i32x4.shr_u(v128.or(left, beyond), by), others), 2);
}

// counts the pixels in each bin
function countBins(logits: usize, labels: usize, n: usize): void {
  const to = held(f32x4.splat(last));
  const above = held(f32x4.splat(SPREAD));
  const first = held(i32x4.splat(top));
  const others = held(i32x4.splat(BINS));
  const by = shift;
  for (const end = labels + n; labels < end; logits += 16, labels += 4) {
    const label = readBytes(labels);
    const bin = binsOf(marginOf(v128.load(logits), label), label, to, above, first, others, by);
    count(i32x4.extract_lane(bin, 0));
    count(i32x4.extract_lane(bin, 1));
    count(i32x4.extract_lane(bin, 2));
    count(i32x4.extract_lane(bin, 3));
  }
}

// @ts-ignore: decorator
@inline
function count(bin: usize): void {
  store<u32>(bin, load<u32>(bin, places) + 1, places);
}

// Bins become parts of about PART pixels, from the largest error down; returns how many. What is not sorted has a cursor behind
// theirs, at pixel `n`.
function makeParts(n: u32): u32 {
  const most = max(PART, n >> 9);
  let parts: u32 = 0;
  let pixel: u32 = 0;
  let size: u32 = 0;
  for (let bin: u32 = 0; bin < BINS; bin++) {
    const place = places + ((bin as usize) << 2);
    const c = load<u32>(place);
    if (c > 0 && parts < MOST_PARTS && (parts == 0 || size + c > most)) {
      store<u32>(starts + ((parts as usize) << 2), pixel);
      parts++;
      size = 0;
    }
    if (parts > 0) store<u32>(place, (cursors + ((parts as usize) << 2) - 4) as u32);
    size += c;
    pixel += c;
  }
  store<u32>(starts + ((parts as usize) << 2), pixel);
  memory.copy(cursors, starts, (parts as usize) << 2);
  store<u32>(cursors + ((parts as usize) << 2), n);
  store<u32>(places + ((BINS as usize) << 2), (cursors + ((parts as usize) << 2)) as u32);
  return parts;
}
