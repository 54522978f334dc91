// Sorts records of keys (record.ts): by the first bits in which their keys differ, into buckets; then the few that share one.

import { insertionSort, orderWithinBuckets } from "../../sort/orderWithinBuckets";
import { bucketShiftOf, sortBuckets, sortInPlace } from "../../sort/radix";
import { Task } from "../task";
import { keyRange } from "./gather";
import { fromKeyFirst, keyAt, LOWER_BITS, toKeyFirst } from "./record";

// fewer records than these are faster sorted by insertion
const FEW: u32 = 48;

// @ts-ignore: decorator
@unmanaged
class KeySort {
  /** The bucket of a key is key >> bucketShift. */
  bucketShift: u32 = 0;
  /** Scratch for as many records, and of COUNTER_BYTES. */
  scratch: usize = 0;
  counters: usize = 0;
}

/** The sort under way; its scratch is free afterwards. */
export const keySort = changetype<KeySort>(memory.data(16, 16));

/** Sorts `n` records; returns where they lie, `task.records` or `task.scratch`. */
export function sortKeys(task: Task, n: u32): usize {
  const records = task.records;
  keySort.counters = task.counters;
  keySort.bucketShift = max(1, bucketShiftOf(n, 32 - (clz<u32>(keyRange.most - keyRange.least) as i32)));
  let sorted = records;
  if (n <= FEW) insertionSort(records, records + ((n as usize) << 3));
  else sorted = sortBuckets(records, task.scratch, task.counters, n, keySort.bucketShift - LOWER_BITS);
  keySort.scratch = sorted == records ? task.scratch : records;
  orderWithinBuckets(sorted, sorted + ((n as usize) << 3), orderBucket);
  return sorted;
}

// sorts the bucket of the record at `p`; returns its end
function orderBucket(records: usize, p: usize, stop: usize): usize {
  const bucket = bucketOf(p);
  let first = p;
  while (first > records && bucketOf(first - 8) == bucket) first -= 8;
  let end = p + 8;
  while (end < stop && bucketOf(end) == bucket) end += 8;
  const count = ((end - first) >> 3) as u32;
  if (count <= FEW) {
    insertionSort(first, end);
    return end;
  }
  for (let q = first; q < end; q += 8) toKeyFirst(q);
  sortInPlace(first, keySort.scratch, keySort.counters, count);
  for (let q = first; q < end; q += 8) fromKeyFirst(q);
  return end;
}

// @ts-ignore: decorator
@inline
function bucketOf(record: usize): u32 {
  return keyAt(record) >> keySort.bucketShift;
}
