// From keys to the records that are sorted: a range scan finds which pixels can weigh anything, and those alone get a record.
//
// Once every positive has been counted as wrong the loss is 1, and no further pixel weighs anything. So negatives whose error is below
// that of all positives need no sorting; and where there are no positives, only the largest error counts.

import { maxU32, sumI32 } from "../../inline/lanes";
import { NONE } from "../errors/key";
import { Task } from "../task";
import { lowerHalves, recordOf, upperHalves } from "./record";

/** What `scanKeyRange` learns. */
// @ts-ignore: decorator
@unmanaged
class KeyRange {
  positives: u32 = 0;
  /** The smallest key, and the largest that can weigh. */
  least: u32 = 0;
  most: u32 = 0;
}

export const keyRange = changetype<KeyRange>(memory.data(16, 16));

/** Reads the keys of the class that begin at `keys`, `stride` bytes from image to image, without those that are NONE. */
export function scanKeyRange(task: Task, keys: usize, stride: usize): void {
  const bytes = (task.pixels as usize) << 2;
  const positive = i32x4.splat(task.positive);
  const none = i32x4.splat(NONE);
  let labels = task.labels;
  let count = i32x4.splat(0);
  let first = none;
  let last = i32x4.splat(0);
  let lastPositive = i32x4.splat(0);
  for (let image: u32 = 0, images = task.images; image < images; image++) {
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      const key = v128.load(keys + i);
      const isPositive = i32x4.eq(v128.load(labels + i), positive);
      count = i32x4.sub(count, isPositive);
      first = i32x4.min_u(first, key);
      last = i32x4.max_u(last, v128.andnot(key, i32x4.eq(key, none)));
      lastPositive = i32x4.max_u(lastPositive, v128.and(key, isPositive));
    }
    // the last pixels singly, with three empty lanes
    for (; i < bytes; i += 4) {
      const key = v128.load32_zero(keys + i);
      const isPositive = v128.and(i32x4.eq(v128.load32_zero(labels + i), positive), i32x4(-1, 0, 0, 0));
      count = i32x4.sub(count, isPositive);
      first = i32x4.min_u(first, v128.or(key, i32x4(0, -1, -1, -1)));
      last = i32x4.max_u(last, v128.andnot(key, i32x4.eq(key, none)));
      lastPositive = i32x4.max_u(lastPositive, v128.and(key, isPositive));
    }
    keys += stride;
    labels += bytes;
  }
  keyRange.positives = sumI32(count);
  keyRange.least = ~maxU32(v128.not(first));
  const bound = keyRange.positives > 0 ? maxU32(lastPositive) : keyRange.least;
  keyRange.most = min<u32>(maxU32(last), bound);
  // A weighted pixel may weigh 0, so that a positive is not the last to count; and where false negatives weigh nothing, the loss jumps
  // only at the first negative.
  if (task.weights || task.beta == 0) keyRange.most = NONE - 1;
}

/** Writes a record of each pixel whose key is at most `keyRange.most`; returns how many. */
export function gather(task: Task, keys: usize, stride: usize): u32 {
  const bytes = (task.pixels as usize) << 2;
  const positive = i32x4.splat(task.positive);
  const from = i32x4.splat(keyRange.least);
  const to = i32x4.splat(keyRange.most);
  const records = task.records;
  let labels = task.labels;
  let end = records;
  let index: u32 = 0;
  for (let image: u32 = 0, images = task.images; image < images; image++) {
    let pixels = i32x4.add(i32x4.splat(index << 1), i32x4(0, 2, 4, 6));
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      const key = v128.load(keys + i);
      const kept = i32x4.bitmask(i32x4.le_u(key, to));
      if (kept) end = storeKept(end, kept, i32x4.sub(key, from), pixels, i32x4.eq(v128.load(labels + i), positive));
      pixels = i32x4.add(pixels, i32x4.splat(8));
    }
    for (; i < bytes; i += 4) {
      const key = load<u32>(keys + i);
      if (key > keyRange.most) continue;
      store<u64>(end, recordOf(key - keyRange.least, index + ((i >> 2) as u32), (load<i32>(labels + i) == task.positive) as u32));
      end += 8;
    }
    index += task.pixels;
    keys += stride;
    labels += bytes;
  }
  return ((end - records) >> 3) as u32;
}

// stores those of four records that the bits of `kept` name; returns where the next one goes
// @ts-ignore: decorator
@inline
function storeKept(to: usize, kept: i32, key: v128, pixels: v128, isPositive: v128): usize {
  const lower = lowerHalves(key, pixels, isPositive);
  const upper = upperHalves(key);
  const a = i32x4.shuffle(lower, upper, 0, 4, 1, 5);
  const b = i32x4.shuffle(lower, upper, 2, 6, 3, 7);
  v128.store64_lane(to, a, 0);
  to += (kept & 1) << 3;
  v128.store64_lane(to, a, 1);
  to += (kept & 2) << 2;
  v128.store64_lane(to, b, 0);
  to += (kept & 4) << 1;
  v128.store64_lane(to, b, 1);
  return to + (kept & 8);
}
