// Sorts pixels by their margins, least first: by two digits of their bucketKey, into cells; and within the few cells that several share, by
// margin (see orderMargins.ts). No digit is read in between: a record carries the one still to come where its pixel leaves room. Margins
// that crowd in few cells are sorted by all their bits instead.
//
//   | 63 ........... 32 | 31 ..... | ..... 2 | 1 | 0: label |
//   |   margin (f32)    |  digit   |  pixel  |   |          |

import { held } from "../../inline/held";
import { addresses } from "../../sort/addresses";
import { isClustered } from "./isClustered";
import { readBytes, bucketKey, KEY_ORIGIN } from "../errors/margins";
import { orderMargins } from "./orderMargins";
import { sortAllMargins, sortedOfAll } from "./radixSort";

const DIGITS: i32 = 11;

// of each digit how many, then the address of the next record: of the last digits, and of a place after them, for pixels that are not
// sorted; and of the first digits
const lower = memory.data(((1 << DIGITS) + 4) << 2, 16);
const upper = memory.data(((1 << DIGITS) + 4) << 3, 16);

// bits of the last and the first digit
let low: u32 = 0;
let high: u32 = 0;
// cells are numbered by what is left of `firstKey`, the bucketKey of the largest error, without the last `bucketShift` bits
let firstKey: u32 = 0;
let bucketShift: u32 = 0;

/** The bits of a sorted record's lower half that hold four times its pixel. */
// @ts-ignore: decorator
@inline
export function pixelBits(): u32 {
  return (u32.MAX_VALUE >>> high) & ~3;
}

/** How many records `sortMargins` sorted. */
export let sortedCount: u32 = 0;

/**
 * Sorts the records of the pixels whose margins are from `least` to `most`, below 1; returns where they lie, `records` or `scratch`.
 * `margins` [n] may lie in `records`. `records`, `scratch`: room for n + 4 u64; `counters`: for COUNTER_BYTES.
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
  // some eight cells a pixel
  low = max<i32>(4, min<i32>(DIGITS, (34 - (clz<u32>(n) as i32)) >> 1));
  high = min<u32>(low + 1, clz<u32>(n - 1) - 2);
  firstKey = bucketKey(least);
  bucketShift = max<i32>(0, 32 - (clz<u32>(firstKey - bucketKey(most)) as i32) - low - high);
  if (isClustered(margins, n, most, firstKey, bucketShift, counters)) {
    high = 0;
    const sorted = sortAllMargins(margins, labels, n, most, records, scratch);
    sortedCount = sortedOfAll;
    return sorted;
  }
  const m = countDigits(margins, n, most);
  sortedCount = m;
  if (m == 0) return records;
  distribute(margins, labels, n, most, scratch);
  move(scratch, m, records);
  orderMargins(records, m, firstKey, bucketShift, scratch, counters);
  return records;
}

// counts the digits of every margin up to `most`; returns how many there are
function countDigits(margins: usize, n: u32, most: f32): u32 {
  memory.fill(lower, 0, 4 << low);
  memory.fill(upper, 0, (4 << high) + 4);
  const limit = held(f32x4.splat(most));
  const above = held(f32x4.splat(KEY_ORIGIN));
  const first = held(i32x4.splat(firstKey));
  const end = held(i32x4.splat(1 << (low + high + bucketShift)));
  const mask = held(i32x4.splat((1 << low) - 1));
  const shift = bucketShift;
  const width = low;
  for (const stop = margins + ((n as usize) << 2); margins < stop; margins += 16) {
    const margin = v128.load(margins);
    const beyond = f32x4.gt(margin, limit);
    if (i32x4.bitmask(beyond) == 15) continue;
    const left = i32x4.sub(first, f32x4.sub(above, margin));
    const digits = i32x4.shr_u(i32x4.min_u(v128.or(left, beyond), end), shift);
    const d = i32x4.shl(v128.and(digits, mask), 2);
    const e = i32x4.shl(i32x4.shr_u(digits, width), 2);
    countLower(i32x4.extract_lane(d, 0));
    countUpper(i32x4.extract_lane(e, 0));
    countLower(i32x4.extract_lane(d, 1));
    countUpper(i32x4.extract_lane(e, 1));
    countLower(i32x4.extract_lane(d, 2));
    countUpper(i32x4.extract_lane(e, 2));
    countLower(i32x4.extract_lane(d, 3));
    countUpper(i32x4.extract_lane(e, 3));
  }
  const m = sumOf(upper, 4 << high);
  // pixels beyond were counted at digit 0
  store<u32>(lower, m - sumOf(lower + 4, (4 << low) - 4));
  return m;
}

// @ts-ignore: decorator
@inline
function countLower(digit: usize): void {
  store<u32>(digit, load<u32>(digit, lower) + 1, lower);
}

// @ts-ignore: decorator
@inline
function countUpper(digit: usize): void {
  store<u32>(digit, load<u32>(digit, upper) + 1, upper);
}

function sumOf(counts: usize, bytes: usize): u32 {
  let sum: u32 = 0;
  for (const end = counts + bytes; counts < end; counts += 4) sum += load<u32>(counts);
  return sum;
}

// Makes the record of each pixel up to `most` and puts it where its last digit belongs; other pixels go behind them.
function distribute(margins: usize, labels: usize, n: u32, most: f32, out: usize): void {
  addresses(lower, (1 << low) + 1, out);
  const limit = held(f32x4.splat(most));
  const above = held(f32x4.splat(KEY_ORIGIN));
  const first = held(i32x4.splat(firstKey));
  const end = held(i32x4.splat(1 << (low + high + bucketShift)));
  const mask = held(i32x4.splat((1 << low) - 1));
  const none = held(i32x4.splat(1 << low));
  const upperBits = held(i32x4.splat(~(u32.MAX_VALUE >>> high)));
  const four = held(i32x4.splat(16));
  const shift = bucketShift;
  const upwards = 32 - low - high - bucketShift;
  let pixel = i32x4(0, 4, 8, 12);
  for (const stop = margins + ((n as usize) << 2); margins < stop; margins += 16, labels += 4) {
    const margin = v128.load(margins);
    const beyond = f32x4.gt(margin, limit);
    if (i32x4.bitmask(beyond) != 15) {
      const left = i32x4.min_u(v128.or(i32x4.sub(first, f32x4.sub(above, margin)), beyond), end);
      const digit = v128.or(v128.and(i32x4.shr_u(left, shift), mask), v128.and(beyond, none));
      const d = i32x4.shl(digit, 2);
      const carried = v128.or(v128.and(i32x4.shl(left, upwards), upperBits), pixel);
      const mark = v128.or(carried, readBytes(labels));
      // -0 becomes 0
      const key = f32x4.add(margin, f32x4.splat(0));
      const a = i32x4.shuffle(mark, key, 0, 4, 1, 5);
      const b = i32x4.shuffle(mark, key, 2, 6, 3, 7);
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

// @ts-ignore: decorator
@inline
function nextLower(digit: usize): usize {
  const to = load<u32>(digit, lower);
  store<u32>(digit, to + 8, lower);
  return to;
}

// moves records to where their first digit belongs
function move(from: usize, m: u32, to: usize): void {
  addresses(upper, 1 << high, to);
  const shift = 32 - high;
  let p = from;
  const end = from + ((m as usize) << 3);
  for (; p + 32 <= end; p += 32) {
    const to0 = nextUpper(load<u32>(p), shift);
    const to1 = nextUpper(load<u32>(p, 8), shift);
    const to2 = nextUpper(load<u32>(p, 16), shift);
    const to3 = nextUpper(load<u32>(p, 24), shift);
    store<u64>(to0, load<u64>(p));
    store<u64>(to1, load<u64>(p, 8));
    store<u64>(to2, load<u64>(p, 16));
    store<u64>(to3, load<u64>(p, 24));
  }
  for (; p < end; p += 8) store<u64>(nextUpper(load<u32>(p), shift), load<u64>(p));
}

// @ts-ignore: decorator
@inline
function nextUpper(mark: u32, shift: u32): usize {
  const digit = ((mark >> shift) as usize) << 2;
  const to = load<u32>(digit, upper);
  store<u32>(digit, to + 8, upper);
  return to;
}
