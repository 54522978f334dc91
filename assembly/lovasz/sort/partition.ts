// Range partition of a large image of the hinge: pixels of similar errors move together, so that sorting and scanning one range stays
// within the cache. Within a range the pixels keep the order of the image. Walking over the image once more in that order finds each
// pixel again, so that no index is kept.

import { held } from "../../inline/held";
import { bucketKey, KEY_ORIGIN, marginOf, range, readBytes, readTail, tailLabels, tailLogits } from "../errors/margins";
import { BIN_BITS, clearBins, countPixel, joinBins, nextPixel, rewind, UNSORTED, unsortedCursor } from "./ranges";

/** The bin of a margin up to `last` is (firstKey - bucketKey) >> shift. */
// @ts-ignore: decorator
@unmanaged
class Binning {
  last: f32 = 0;
  firstKey: u32 = 0;
  shift: u32 = 0;
}

const binning = changetype<Binning>(memory.data(16, 16));

// what `walk` does with each pixel
const COUNT = 0;
const PARTITION = 1;
const RESTORE = 2;

const tailGradient = memory.data(16, 16);

/**
 * Plans the ranges of an image that `scanRange` has read, up to the margin `last`; returns how many. The first holds the largest
 * errors.
 */
export function planRanges(logits: usize, labels: usize, n: u32, last: f32): u32 {
  binning.last = last;
  binning.firstKey = bucketKey(range.least);
  binning.shift = max<i32>(0, 32 - (clz<u32>(binning.firstKey - bucketKey(last)) as i32) - BIN_BITS);
  clearBins();
  const tail = readTail(logits, labels, n);
  count(logits, labels, (n as usize) - tail);
  count(tailLogits, tailLabels, tail);
  return joinBins(n);
}

/** Writes the logits and labels of each range to `rangeLogits` and `rangeLabels`, both of n + 4 pixels. */
export function partition(logits: usize, labels: usize, n: u32, rangeLogits: usize, rangeLabels: usize): void {
  const tail = readTail(logits, labels, n);
  move(logits, labels, (n as usize) - tail, rangeLogits, rangeLabels);
  move(tailLogits, tailLabels, tail, rangeLogits, rangeLabels);
}

/**
 * Writes to `gradient`, in the order of the image, what `rangeGradient` holds in the order of `ranges` ranges; 0 for pixels that
 * were not sorted.
 */
export function restoreGradient(logits: usize, labels: usize, n: u32, ranges: u32, rangeGradient: usize, gradient: usize): void {
  rewind(ranges);
  v128.store(rangeGradient + ((n as usize) << 2), i32x4.splat(0));
  const tail = readTail(logits, labels, n);
  const whole = (n as usize) - tail;
  restore(logits, labels, whole, rangeGradient, gradient);
  restore(tailLogits, tailLabels, tail, rangeGradient, tailGradient);
  memory.copy(gradient + (whole << 2), tailGradient, tail << 2);
}

function count(logits: usize, labels: usize, n: usize): void {
  walk(COUNT, logits, labels, n, 0, 0);
}

function move(logits: usize, labels: usize, n: usize, rangeLogits: usize, rangeLabels: usize): void {
  walk(PARTITION, logits, labels, n, rangeLogits, rangeLabels);
}

function restore(logits: usize, labels: usize, n: usize, rangeGradient: usize, gradient: usize): void {
  walk(RESTORE, logits, labels, n, rangeGradient, gradient);
}

// Visits the pixels four at a time. PARTITION: `a` and `b` are the logits and labels of ranges; RESTORE: the gradient of ranges and
// of the image.
// @ts-ignore: decorator
@inline
function walk(action: i32, logits: usize, labels: usize, n: usize, a: usize, b: usize): void {
  const last = held(f32x4.splat(binning.last));
  const above = held(f32x4.splat(KEY_ORIGIN));
  const first = held(i32x4.splat(binning.firstKey));
  const unsorted = held(i32x4.splat(UNSORTED));
  const shift = binning.shift;
  // in the order of ranges, all unsorted pixels share the one behind the last
  const cursor: usize = action == COUNT ? 0 : unsortedCursor();
  const behind = action == COUNT ? 0 : load<u32>(cursor);
  for (const end = labels + n; labels < end; logits += 16, labels += 4) {
    const logit = v128.load(logits);
    const label = readBytes(labels);
    const margin = marginOf(logit, label);
    const left = i32x4.sub(first, f32x4.sub(above, margin));
    const beyond = v128.or(f32x4.gt(margin, last), i32x4.shr_s(label, 31));
    const bin = i32x4.shl(i32x4.min_u(i32x4.shr_u(v128.or(left, beyond), shift), unsorted), 2);
    if (action == COUNT) {
      countPixel(i32x4.extract_lane(bin, 0));
      countPixel(i32x4.extract_lane(bin, 1));
      countPixel(i32x4.extract_lane(bin, 2));
      countPixel(i32x4.extract_lane(bin, 3));
      continue;
    }
    // a store whose address is not known yet holds up the loads behind it
    const at0 = nextPixel(i32x4.extract_lane(bin, 0));
    const at1 = nextPixel(i32x4.extract_lane(bin, 1));
    const at2 = nextPixel(i32x4.extract_lane(bin, 2));
    const at3 = nextPixel(i32x4.extract_lane(bin, 3));
    store<u32>(cursor, behind);
    if (action == PARTITION) {
      v128.store_lane<f32>(a + (at0 << 2), logit, 0);
      v128.store_lane<f32>(a + (at1 << 2), logit, 1);
      v128.store_lane<f32>(a + (at2 << 2), logit, 2);
      v128.store_lane<f32>(a + (at3 << 2), logit, 3);
      store<u8>(b + at0, load<u8>(labels));
      store<u8>(b + at1, load<u8>(labels, 1));
      store<u8>(b + at2, load<u8>(labels, 2));
      store<u8>(b + at3, load<u8>(labels, 3));
    } else {
      let gradient = v128.load32_zero(a + (at0 << 2));
      gradient = v128.load_lane<f32>(a + (at1 << 2), gradient, 1);
      gradient = v128.load_lane<f32>(a + (at2 << 2), gradient, 2);
      v128.store(b, v128.load_lane<f32>(a + (at3 << 2), gradient, 3));
      b += 16;
    }
  }
}
