// Sorts records of margins (marginRecord.ts) whose buckets are already in order.

import { insertionSort, orderWithinBuckets } from "../../sort/orderWithinBuckets";
import { bucketKey } from "../errors/margins";
import { sort } from "./marginSort";
import { sortMarginBits } from "./sortMarginBits";

// more records in a bucket are not sorted by insertion
const MANY: u32 = 64;

/** Sorts `sort.count` records that lie in the order of their buckets. */
export function orderMargins(records: usize): void {
  orderWithinBuckets(records, records + ((sort.count as usize) << 3), orderBucket);
}

// sorts the bucket of the record at `p`; returns its end
function orderBucket(records: usize, p: usize, stop: usize): usize {
  const bucket = bucketOf(p);
  let first = p;
  while (first > records && bucketOf(first - 8) == bucket) first -= 8;
  let end = p + 8;
  while (end < stop && bucketOf(end) == bucket) end += 8;
  const count = ((end - first) >> 3) as u32;
  if (count > MANY) sortMarginBits(first, count, sort.scratch, sort.counters);
  else insertionSort(first, end);
  return end;
}

// @ts-ignore: decorator
@inline
function bucketOf(record: usize): u32 {
  return (sort.firstKey - bucketKey(load<f32>(record, 4))) >> sort.bucketShift;
}
