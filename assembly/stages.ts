// The export list of a binary for tests only: the stages of the Lovász kernels one by one, so that a failing test names a file.

import { keyOf as keyOfKind } from "./lovasz/errors/key";
import { range } from "./lovasz/errors/margins";
import { count } from "./lovasz/scan/count";
import { gather as gatherRecords, keyRange, scanKeyRange as scanRangeOfKeys } from "./lovasz/sort/gather";
import { sort } from "./lovasz/sort/marginSort";
import { keyAt as keyAtRecord, labelAt as labelAtRecord, pixelAt as pixelAtRecord } from "./lovasz/sort/record";
import { sortHingeTies as sortTiesOfHinge, sortSoftmaxTies as sortTiesOfSoftmax } from "./lovasz/sort/resolveTies";
import { sortKeys as sortRecordsByKey } from "./lovasz/sort/sortKeys";
import { Task } from "./lovasz/task";

export { COUNTER_BYTES } from "./sort/radix";
export { allocate } from "./memory";

export { derivativeOf, errorOf, HINGE, NONE, RAW, SIGMOID, SOFTMAX, UNIT } from "./lovasz/errors/key";
export { bucketKey, roundMargins, scanRange } from "./lovasz/errors/margins";
export { CODES, HALF_CODE, inputCode, probabilityOf } from "./lovasz/errors/probability";
export { startCount } from "./lovasz/scan/count";
export { scanMargins } from "./lovasz/scan/scanMargins";
export { negativeWeight, positiveWeight } from "./lovasz/scan/weights";
export { sortMargins } from "./lovasz/sort/bucketSort";
export { isClustered } from "./lovasz/sort/isClustered";
export { pixelMask } from "./lovasz/sort/marginRecord";
export { partition, planRanges, restoreGradient } from "./lovasz/sort/partition";
export { radixSort } from "./lovasz/sort/radixSort";
export { largestRange, sizeOf, startOf } from "./lovasz/sort/ranges";
export { isExactTie, marginError, marginKeyAt } from "./lovasz/sort/resolveTies";
export { sortMarginBits } from "./lovasz/sort/sortMarginBits";

export function keyOf(kind: i32, value: f32, label: i32): u32 {
  return keyOfKind(kind, value, label);
}

// what the stages leave in their structs

export function rangePositives(): u32 {
  return range.positives;
}

export function rangeLeast(): f32 {
  return range.least;
}

export function rangeMostPositive(): f32 {
  return range.mostPositive;
}

export function rangeMostSorted(): f32 {
  return range.mostSorted;
}

export function rangeHasTiny(): bool {
  return range.hasTiny != 0;
}

export function sortedCount(): u32 {
  return sort.count;
}

export function packedBits(): u32 {
  return sort.packed;
}

/** As radixSort leaves records. */
export function packNothing(): void {
  sort.packed = 0;
}

export function union(): i32 {
  return count.union;
}

export function intersection(): i32 {
  return count.intersection;
}

// what takes a task, by its pointer; it has its room already, which kernels give to tasks (lovasz/task.ts)

export const TASK_RECORDS: usize = offsetof<Task>("records");
export const TASK_SCRATCH: usize = offsetof<Task>("scratch");
export const TASK_COUNTERS: usize = offsetof<Task>("counters");

export function scanKeyRange(task: usize, keys: usize, stride: usize): void {
  scanRangeOfKeys(changetype<Task>(task), keys, stride);
}

export function leastKey(): u32 {
  return keyRange.least;
}

export function mostKey(): u32 {
  return keyRange.most;
}

export function keyPositives(): u32 {
  return keyRange.positives;
}

export function gather(task: usize, keys: usize, stride: usize): u32 {
  return gatherRecords(changetype<Task>(task), keys, stride);
}

export function sortKeys(task: usize, n: u32): usize {
  return sortRecordsByKey(changetype<Task>(task), n);
}

export function sortHingeTies(task: usize, start: usize, end: usize): void {
  sortTiesOfHinge(changetype<Task>(task), start, end);
}

export function sortSoftmaxTies(task: usize, start: usize, end: usize, low: bool): bool {
  return sortTiesOfSoftmax(changetype<Task>(task), start, end, low);
}

export function keyAt(record: usize): u32 {
  return keyAtRecord(record);
}

export function pixelAt(record: usize): u32 {
  return pixelAtRecord(record);
}

export function labelAt(record: usize): u32 {
  return labelAtRecord(record);
}
