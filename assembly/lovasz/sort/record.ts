// From keys to the records that are sorted: which pixels can weigh anything, and those alone.
//
// Once every positive has been counted as wrong, the loss is 1 and no further pixel weighs anything (`keepAll` says where
// that is not so). So negatives whose error
// is below that of all positives need no sorting, and where there are no positives, only the largest error counts.

import { NONE } from "../errors/key";

/** What `scanRange` intersection: how many positives, the smallest key, and the largest that can weigh. */
export let positiveCount: u32 = 0;
export let least: u32 = 0;
export let most: u32 = 0;

/**
 * Looks through keys of `images` planes of `pixels`, `stride` bytes apart, with their labels (i32, side by side), of which `c`
 * is the positive one. Keys of `NONE` are left out.
 */
export function scanRange(keys: usize, labels: usize, c: i32, images: u32, pixels: u32, stride: usize): void {
  const bytes = (pixels as usize) << 2;
  const positive = i32x4.splat(c);
  const none = i32x4.splat(NONE);
  let count = i32x4.splat(0);
  let first = none;
  let last = i32x4.splat(0);
  let lastPositive = i32x4.splat(0);
  for (let image: u32 = 0; image < images; image++) {
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      const key = v128.load(keys + i);
      const is = i32x4.eq(v128.load(labels + i), positive);
      count = i32x4.sub(count, is);
      first = i32x4.min_u(first, key);
      last = i32x4.max_u(last, v128.andnot(key, i32x4.eq(key, none)));
      lastPositive = i32x4.max_u(lastPositive, v128.and(key, is));
    }
    // the last pixels, three lanes of them empty
    for (; i < bytes; i += 4) {
      const key = v128.load32_zero(keys + i);
      const is = v128.and(i32x4.eq(v128.load32_zero(labels + i), positive), i32x4(-1, 0, 0, 0));
      count = i32x4.sub(count, is);
      first = i32x4.min_u(first, v128.or(key, i32x4(0, -1, -1, -1)));
      last = i32x4.max_u(last, v128.andnot(key, i32x4.eq(key, none)));
      lastPositive = i32x4.max_u(lastPositive, v128.and(key, is));
    }
    keys += stride;
    labels += bytes;
  }
  positiveCount =
    i32x4.extract_lane(count, 0) + i32x4.extract_lane(count, 1) + i32x4.extract_lane(count, 2) + i32x4.extract_lane(count, 3);
  least = ~largestOf(v128.not(first));
  const bound = positiveCount > 0 ? largestOf(lastPositive) : least;
  most = min<u32>(largestOf(last), bound);
}

// @ts-ignore: decorator
@inline
function largestOf(v: v128): u32 {
  const pairs = i32x4.max_u(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return max<u32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
}

/**
 * Lets no positive be the last that counts: where pixels are weighted, one may weigh nothing; and where false negatives weigh
 * nothing, the loss jumps only at the first negative.
 */
export function keepAll(): void {
  most = NONE - 1;
}

/**
 * Writes a record of each pixel whose key is at most `most`, and returns where they end: below 2^63, so that float64 has them in order.
 *
 *   | 63: 0 | 62 ...... 31 | 30 ... 1 | 0: label |
 *   |       | key - least  |  pixel   |          |
 */
export function gather(keys: usize, labels: usize, c: i32, images: u32, pixels: u32, stride: usize, records: usize): usize {
  const bytes = (pixels as usize) << 2;
  const positive = i32x4.splat(c);
  const from = i32x4.splat(least);
  const to = i32x4.splat(most);
  let index: u32 = 0;
  for (let image: u32 = 0; image < images; image++) {
    let low = i32x4.add(i32x4.splat(index << 1), i32x4(0, 2, 4, 6));
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      const key = v128.load(keys + i);
      const within = i32x4.le_u(key, to);
      const which = i32x4.bitmask(within);
      if (which) {
        const left = i32x4.sub(key, from);
        const high = i32x4.shr_u(left, 1);
        const mark = v128.or(i32x4.shl(left, 31), i32x4.sub(low, i32x4.eq(v128.load(labels + i), positive)));
        const a = i32x4.shuffle(mark, high, 0, 4, 1, 5);
        const b = i32x4.shuffle(mark, high, 2, 6, 3, 7);
        v128.store64_lane(records, a, 0);
        records += (which & 1) << 3;
        v128.store64_lane(records, a, 1);
        records += (which & 2) << 2;
        v128.store64_lane(records, b, 0);
        records += (which & 4) << 1;
        v128.store64_lane(records, b, 1);
        records += which & 8;
      }
      low = i32x4.add(low, i32x4.splat(8));
    }
    for (; i < bytes; i += 4) {
      const key = load<u32>(keys + i);
      if (key > most) continue;
      const pixel = index + ((i >> 2) as u32);
      store<u64>(records, ((key - least) as u64 << 31) | (pixel << 1) | ((load<i32>(labels + i) == c) as u64));
      records += 8;
    }
    index += pixels;
    keys += stride;
    labels += bytes;
  }
  return records;
}

/** The key of a record, less `least`. */
// @ts-ignore: decorator
@inline
export function keyAt(record: usize): u32 {
  return (load<u64>(record) >> 31) as u32;
}

/** 2 pixel + label of a record. */
// @ts-ignore: decorator
@inline
export function pixelAt(record: usize): u32 {
  return load<u32>(record) & 0x7fffffff;
}
