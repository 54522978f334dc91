// Puts records of margins (see sortMargins.ts) in full order that are in that of their cells. A record read as a float64 is ordered as its
// margin is: the margin's bits come first.

import { insertionSort, orderWithinBuckets } from "../../sort/orderWithinBuckets";
import { bucketKey } from "../errors/margins";
import { sortMarginBits } from "./sortMarginBits";

// more records in a bucketShift are not sorted by insertion
const MANY: u32 = 64;

let firstKey: u32 = 0;
let bucketShift: u32 = 0;
let scratch: usize = 0;
let counters: usize = 0;

/**
 * Orders `m` records that lie in the order of their cells: the first `32 - bucketShift_` bits of firstKey_ - bucketKey(margin). `scratch_`: room for as
 * many; `counters_`: for COUNTER_BYTES.
 */
export function orderMargins(records: usize, m: u32, firstKey_: u32, bucketShift_: u32, scratch_: usize, counters_: usize): void {
  firstKey = firstKey_;
  bucketShift = bucketShift_;
  scratch = scratch_;
  counters = counters_;
  orderWithinBuckets(records, records + ((m as usize) << 3), orderBucket);
}

// sorts the bucketShift of the record at `p`; returns where it ends
function orderBucket(records: usize, p: usize, stop: usize): usize {
  const own = bucketOf(p);
  let first = p;
  while (first > records && bucketOf(first - 8) == own) first -= 8;
  let end = p + 8;
  while (end < stop && bucketOf(end) == own) end += 8;
  const count = ((end - first) >> 3) as u32;
  if (count > MANY) sortMarginBits(first, count, scratch, counters);
  else insertionSort(first, end);
  return end;
}

// @ts-ignore: decorator
@inline
function bucketOf(record: usize): u32 {
  return (firstKey - bucketKey(load<f32>(record, 4))) >> bucketShift;
}
