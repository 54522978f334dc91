// The fallback of bucketSort.ts: sorts pixels by all bits of their margins, in up to three passes of 11 bits, whatever the margins
// are. A digit that is the same in all margins costs no pass. Beside bucketSort's own passes these differ in every line: there
// the tables stand at fixed addresses and a digit comes out of a difference, which is what makes that sort the faster one.

import { held } from "../../inline/held";
import { addresses } from "../../sort/addresses";
import { firstPair, marginsOf, marksOf, secondPair } from "./marginRecord";
import { sort } from "./marginSort";
import { countDigits, DIGITS, keyOf, LAST, SIGN, TABLE, tables } from "./radixDigits";

/** As `sortMargins`; `most` is one of the margins. */
export function radixSort(margins: usize, labels: usize, n: u32, most: f32, records: usize, scratch: usize): usize {
  countDigits(margins, n, most);
  const key = i32x4.extract_lane(keyOf(f32x4.splat(most), i32x4.splat(SIGN)), 0);
  let from: usize = 0;
  for (let shift: u32 = 0, table = tables; shift < 32; shift += DIGITS, table += TABLE) {
    const isShared = load<u32>(table + ((((key >>> shift) & LAST) as usize) << 2)) == sort.count;
    // records are made with one digit at least
    if (isShared && (from || shift < 2 * DIGITS)) continue;
    const to = from == scratch ? records : scratch;
    addresses(table, LAST + 2, to);
    if (from == 0) distribute(margins, labels, n, most, shift, table);
    else move(from, shift, table);
    from = to;
  }
  return from;
}

// Makes the record of each pixel up to `most` and puts it where its digit belongs; other pixels go behind them.
function distribute(margins: usize, labels: usize, n: u32, most: f32, shift: u32, counts: usize): void {
  const limit = held(f32x4.splat(most));
  const sign = held(i32x4.splat(SIGN));
  const mask = held(i32x4.splat(LAST));
  const none = held(i32x4.splat(LAST + 1));
  const table = held(i32x4.splat(counts as i32));
  const four = held(i32x4.splat(16));
  let pixel = i32x4(0, 4, 8, 12);
  for (const stop = margins + ((n as usize) << 2); margins < stop; margins += 16, labels += 4) {
    const margin = v128.load(margins);
    const beyond = f32x4.gt(margin, limit);
    if (i32x4.bitmask(beyond) != 15) {
      const digit = i32x4.min_u(v128.or(v128.and(i32x4.shr_u(keyOf(margin, sign), shift), mask), beyond), none);
      const at = i32x4.add(i32x4.shl(digit, 2), table);
      const mark = marksOf(pixel, labels);
      // -0 becomes 0
      const key = f32x4.add(margin, f32x4.splat(0));
      putX4(at, firstPair(mark, key), secondPair(mark, key));
    }
    pixel = i32x4.add(pixel, four);
  }
}

// moves records to where their digit belongs
function move(from: usize, shift: u32, counts: usize): void {
  const sign = held(i32x4.splat(SIGN));
  const mask = held(i32x4.splat(LAST));
  const table = held(i32x4.splat(counts as i32));
  const end = from + ((sort.count as usize) << 3);
  for (; from + 32 <= end; from += 32) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const digit = v128.and(i32x4.shr_u(keyOf(marginsOf(a, b), sign), shift), mask);
    putX4(i32x4.add(i32x4.shl(digit, 2), table), a, b);
  }
  for (; from < end; from += 8) {
    const key = keyOf(v128.load32_zero(from, 4), sign);
    const digit = v128.and(i32x4.shr_u(key, shift), mask);
    store<u64>(next(i32x4.extract_lane(i32x4.add(i32x4.shl(digit, 2), table), 0)), load<u64>(from));
  }
}

// Stores four records at the addresses that the counters `at` hold. A store whose address is not known yet holds up the loads behind it:
// all addresses are read first.
// @ts-ignore: decorator
@inline
function putX4(at: v128, a: v128, b: v128): void {
  const to0 = next(i32x4.extract_lane(at, 0));
  const to1 = next(i32x4.extract_lane(at, 1));
  const to2 = next(i32x4.extract_lane(at, 2));
  const to3 = next(i32x4.extract_lane(at, 3));
  v128.store64_lane(to0, a, 0);
  v128.store64_lane(to1, a, 1);
  v128.store64_lane(to2, b, 0);
  v128.store64_lane(to3, b, 1);
}

// @ts-ignore: decorator
@inline
function next(at: usize): usize {
  const to = load<u32>(at);
  store<u32>(at, to + 8);
  return to;
}
