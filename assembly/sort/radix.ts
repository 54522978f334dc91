// Least-significant-digit radix sorts of 64-bit records, key in the upper half, payload in the lower. Stable. Digits of 11
// bits, all counted in one reading; a digit that is the same in every record costs nothing.
//
//   | 63 ......... 54 | 53 ......... 43 | 42 ......... 32 | 31 ...... 0 |
//   |    digit 2      |    digit 1      |    digit 0      |   payload   |

import { addresses } from "./addresses";

/** u32 counters for three digits of 2,048 values, or two of 4,096. */
export const COUNTER_BYTES: usize = 4 * 2048 * 4;

const TABLE: usize = 2048 * 4;

/**
 * Sorts `n` records by ascending key. `scratch`: as many records; `counters`: COUNTER_BYTES. Returns where
 * the sorted records lie: `records` or `scratch`.
 */
export function sortRecords(records: usize, scratch: usize, counters: usize, n: u32): usize {
  if (n < 2) return records;
  memory.fill(counters, 0, 3 * TABLE);
  const end = records + ((n as usize) << 3);
  for (let p = records; p < end; p += 8) {
    const key = load<u32>(p, 4);
    count(counters, key & 2047);
    count(counters + TABLE, (key >> 11) & 2047);
    count(counters + 2 * TABLE, key >> 22);
  }
  for (let shift: u32 = 0; shift < 33; shift += 11) {
    if (scatter(records, scratch, counters, n, shift, 2047)) {
      const swap = records;
      records = scratch;
      scratch = swap;
    }
    counters += TABLE;
  }
  return records;
}

/** The same, the sorted records where they were. */
export function sortInPlace(records: usize, scratch: usize, counters: usize, n: u32): void {
  const sorted = sortRecords(records, scratch, counters, n);
  if (sorted != records) memory.copy(records, sorted, (n as usize) << 3);
}

/**
 * How many last bits of keys of `bits` bits `sortBuckets` leaves unsorted in `n` records: so many that few records share a bucket,
 * and no more passes over them are made than that takes.
 */
export function bucketShiftOf(n: u32, bits: i32): u32 {
  return max<i32>(0, bits - passesOf(n) * widthOf(n)) as u32;
}

/**
 * Sorts `n` records by their keys without the last `bucketShift` bits (see bucketShiftOf): records whose keys differ in those alone stay
 * as they were. Arguments and result as above.
 */
export function sortBuckets(records: usize, scratch: usize, counters: usize, n: u32, bucketShift: u32): usize {
  if (n < 2) return records;
  const passes = passesOf(n);
  const width = widthOf(n);
  const table = (4 as usize) << width;
  const mask = (1 << width) - 1;
  memory.fill(counters, 0, (passes as usize) * table);
  for (let p = records, end = records + ((n as usize) << 3); p < end; p += 8) {
    const key = load<u32>(p, 4) >> bucketShift;
    count(counters, key & mask);
    count(counters + table, (key >> width) & mask);
    if (passes > 2) count(counters + 2 * table, key >> (2 * width));
  }
  for (let pass: i32 = 0; pass < passes; pass++, bucketShift += width, counters += table) {
    if (!scatter(records, scratch, counters, n, bucketShift, mask)) continue;
    const swap = records;
    records = scratch;
    scratch = swap;
  }
  return records;
}

function passesOf(n: u32): i32 {
  return n > 1 << 21 ? 3 : 2;
}

// with two digits, some 64 buckets a record
function widthOf(n: u32): u32 {
  return n > 1 << 21 ? 11 : max<u32>(8, min<u32>(12, (38 - clz<u32>(n)) >> 1));
}

// moves all records to `to` in the order of the digit at `shift`, counted in `counters`; false where they share it
function scatter(from: usize, to: usize, counters: usize, n: u32, shift: u32, mask: u32): bool {
  const first = (load<u32>(from, 4) >> shift) & mask;
  if (load<u32>(counters + ((first as usize) << 2)) == n) return false;
  addresses(counters, mask + 1, to);
  move(from, counters, n, shift, mask);
  return true;
}

// A store whose address is not known yet holds up the loads behind it: the addresses of four records are read before any is stored.
// @ts-ignore: decorator
@inline
function move(from: usize, counters: usize, n: u32, shift: u32, mask: u32): void {
  let p = from;
  const stop = from + ((n as usize) << 3);
  for (; p + 32 <= stop; p += 32) {
    const to0 = next(counters, (load<u32>(p, 4) >> shift) & mask);
    const to1 = next(counters, (load<u32>(p, 12) >> shift) & mask);
    const to2 = next(counters, (load<u32>(p, 20) >> shift) & mask);
    const to3 = next(counters, (load<u32>(p, 28) >> shift) & mask);
    store<u64>(to0, load<u64>(p));
    store<u64>(to1, load<u64>(p, 8));
    store<u64>(to2, load<u64>(p, 16));
    store<u64>(to3, load<u64>(p, 24));
  }
  for (; p < stop; p += 8) store<u64>(next(counters, (load<u32>(p, 4) >> shift) & mask), load<u64>(p));
}

// where the next record of a digit goes
// @ts-ignore: decorator
@inline
function next(counters: usize, digit: u32): usize {
  const at = counters + ((digit as usize) << 2);
  const to = load<u32>(at);
  store<u32>(at, to + 8);
  return to;
}

// @ts-ignore: decorator
@inline
function count(counters: usize, digit: u32): void {
  const at = counters + ((digit as usize) << 2);
  store<u32>(at, load<u32>(at) + 1);
}
