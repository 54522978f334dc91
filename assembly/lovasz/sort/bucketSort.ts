// Sorts pixels by their margins, the least first. A radix sort by two digits of the bucket key (bucketKey in margins.ts) brings
// them into so many buckets that few pixels share one; orderMargins.ts sorts these few. The second digit is packed into unused bits
// of the record, so that the second pass reads records alone. Clustered margins would crowd into few buckets: they fall back to a
// full radix sort.

import { held } from "../../inline/held";
import { bucketKey, KEY_ORIGIN } from "../errors/margins";
import { countDigits, DIGITS, nextLower, nextUpper, startLower, startUpper } from "./bucketDigits";
import { isClustered } from "./isClustered";
import { firstPair, marksOf, secondPair } from "./marginRecord";
import { sort } from "./marginSort";
import { orderMargins } from "./orderMargins";
import { radixSort } from "./radixSort";

/**
 * Sorts the records of the `sort.count` pixels whose margins are from `least` to `most`, below 1; returns where they lie, `records`
 * or `scratch`. `margins` [n] may lie in `records`. `records`, `scratch`: n + 4 u64; `counters`: COUNTER_BYTES.
 */
export function sortMargins(
  margins: usize,
  labels: usize,
  n: u32,
  least: f32,
  most: f32,
  records: usize,
  scratch: usize,
  counters: usize,
): usize {
  planBuckets(n, least, most);
  sort.scratch = scratch;
  sort.counters = counters;
  if (isClustered(margins, n, most, sort.firstKey, sort.bucketShift, counters)) {
    sort.packed = 0;
    return radixSort(margins, labels, n, most, records, scratch);
  }
  sort.packed = sort.high;
  sort.count = countDigits(margins, n, most);
  if (sort.count == 0) return records;
  distribute(margins, labels, n, most, scratch);
  distributeAgain(scratch, records);
  orderMargins(records);
  return records;
}

// some eight buckets a pixel
function planBuckets(n: u32, least: f32, most: f32): void {
  sort.low = max<i32>(4, min<i32>(DIGITS, (34 - (clz<u32>(n) as i32)) >> 1));
  sort.high = min<u32>(sort.low + 1, clz<u32>(n - 1) - 2);
  sort.firstKey = bucketKey(least);
  const bits = 32 - (clz<u32>(sort.firstKey - bucketKey(most)) as i32);
  sort.bucketShift = max<i32>(0, bits - sort.low - sort.high);
}

// Makes the record of each pixel up to `most` and puts it where its second digit belongs; other pixels go behind them.
function distribute(margins: usize, labels: usize, n: u32, most: f32, out: usize): void {
  startLower(out);
  const low = sort.low;
  const high = sort.high;
  const shift = sort.bucketShift;
  const limit = held(f32x4.splat(most));
  const above = held(f32x4.splat(KEY_ORIGIN));
  const first = held(i32x4.splat(sort.firstKey));
  const end = held(i32x4.splat(1 << (low + high + shift)));
  const mask = held(i32x4.splat((1 << low) - 1));
  const none = held(i32x4.splat(1 << low));
  const packedBits = held(i32x4.splat(~(u32.MAX_VALUE >>> high)));
  const four = held(i32x4.splat(16));
  const upwards = 32 - low - high - shift;
  let pixel = i32x4(0, 4, 8, 12);
  for (const stop = margins + ((n as usize) << 2); margins < stop; margins += 16, labels += 4) {
    const margin = v128.load(margins);
    const beyond = f32x4.gt(margin, limit);
    if (i32x4.bitmask(beyond) != 15) {
      const left = i32x4.min_u(v128.or(i32x4.sub(first, f32x4.sub(above, margin)), beyond), end);
      const digit = v128.or(v128.and(i32x4.shr_u(left, shift), mask), v128.and(beyond, none));
      const d = i32x4.shl(digit, 2);
      const mark = marksOf(v128.or(v128.and(i32x4.shl(left, upwards), packedBits), pixel), labels);
      // -0 becomes 0
      const key = f32x4.add(margin, f32x4.splat(0));
      const a = firstPair(mark, key);
      const b = secondPair(mark, key);
      // a store whose address is not known yet holds up the loads behind it
      const to0 = nextLower(i32x4.extract_lane(d, 0));
      const to1 = nextLower(i32x4.extract_lane(d, 1));
      const to2 = nextLower(i32x4.extract_lane(d, 2));
      const to3 = nextLower(i32x4.extract_lane(d, 3));
      v128.store64_lane(to0, a, 0);
      v128.store64_lane(to1, a, 1);
      v128.store64_lane(to2, b, 0);
      v128.store64_lane(to3, b, 1);
    }
    pixel = i32x4.add(pixel, four);
  }
}

// moves records to where their packed digit, the first of the bucket, belongs
function distributeAgain(from: usize, to: usize): void {
  startUpper(to);
  const shift = 32 - sort.high;
  let p = from;
  const end = from + ((sort.count as usize) << 3);
  for (; p + 32 <= end; p += 32) {
    const to0 = nextUpper(digitAt(p, shift));
    const to1 = nextUpper(digitAt(p + 8, shift));
    const to2 = nextUpper(digitAt(p + 16, shift));
    const to3 = nextUpper(digitAt(p + 24, shift));
    store<u64>(to0, load<u64>(p));
    store<u64>(to1, load<u64>(p, 8));
    store<u64>(to2, load<u64>(p, 16));
    store<u64>(to3, load<u64>(p, 24));
  }
  for (; p < end; p += 8) store<u64>(nextUpper(digitAt(p, shift)), load<u64>(p));
}

// @ts-ignore: decorator
@inline
function digitAt(p: usize, shift: u32): usize {
  return ((load<u32>(p) >> shift) as usize) << 2;
}
