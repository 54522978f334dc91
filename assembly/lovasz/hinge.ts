// The Lovász hinge where each pixel weighs 1, its labels bytes: i8, 1, 0 or -1 (ignored).
//
// The scratch of a large image exceeds the cache. Such an image is partitioned by error first; each range is sorted and scanned by itself,
// starting from what the ranges of larger errors have counted.

import { range, rounded, roundMargins, scanRange } from "./errors/margins";
import { count, startCount } from "./scan/count";
import { scanMargins } from "./scan/scanMargins";
import { sortMargins } from "./sort/bucketSort";
import { sort } from "./sort/marginSort";
import { partition, planRanges, restoreGradient } from "./sort/partition";
import { largestRange, sizeOf, startOf } from "./sort/ranges";
import { countersOf, scratchOf } from "./task";

// larger images are partitioned
const WHOLE: u32 = 1 << 20;

/**
 * The exact loss and, to `gradient`, `scale` times the gradient by the logits; NaN where a logit is NaN and not ignored. `room`:
 * roomBytes.
 */
export function hinge_f32(logits: usize, labels: usize, n: u32, scale: f64, gradient: usize, room: usize): f64 {
  const records = room;
  const scratch = scratchOf(n, room);
  const counters = countersOf(n, room);
  const isWhole = n <= WHOLE;
  if (!scanRange(logits, labels, n, isWhole ? records : 0)) return NaN;
  startCount(range.positives);
  if (isWhole) return sortAndScan(labels, n, scale, gradient, records, scratch, counters);
  const ranges = planRanges(logits, labels, n, lastMargin());
  // a range is sorted where the whole image would be
  if (largestRange(ranges) > (n >> 1) - 16) {
    scanRange(logits, labels, n, records);
    return sortAndScan(labels, n, scale, gradient, records, scratch, counters);
  }
  const rangeLabels = scratch + ((n as usize) << 2) + 16;
  partition(logits, labels, n, scratch, rangeLabels);
  const loss = eachRange(ranges, scale, scratch, rangeLabels, records, counters);
  restoreGradient(logits, labels, n, ranges, scratch, gradient);
  return loss;
}

// the losses of the ranges; the gradient of each takes the place of its logits
function eachRange(ranges: u32, scale: f64, rangeLogits: usize, rangeLabels: usize, records: usize, counters: usize): f64 {
  const positives = count.intersection;
  let loss: f64 = 0;
  for (let i: u32 = 0; i < ranges; i++) {
    const n = sizeOf(i);
    const gradient = rangeLogits + (startOf(i) << 2);
    const labels = rangeLabels + startOf(i);
    if (positives > 0 && count.intersection == 0) {
      memory.fill(gradient, 0, (n as usize) << 2);
      continue;
    }
    scanRange(gradient, labels, n, records);
    loss += sortAndScan(labels, n, scale, gradient, records, records + (((n as usize) + 4) << 3), counters);
  }
  return loss;
}

// the loss of the pixels that `scanRange` read last, which left their margins in `records`
function sortAndScan(labels: usize, n: u32, scale: f64, gradient: usize, records: usize, scratch: usize, counters: usize): f64 {
  if (range.hasTiny) roundMargins(records, n);
  memory.fill(gradient, 0, (n as usize) << 2);
  const sorted = sortMargins(records, labels, n, range.least, lastMargin(), records, scratch, counters);
  return scanMargins(sorted, sorted + ((sort.count as usize) << 3), scale, gradient);
}

// Once all positives are counted as wrong, no pixel weighs anything; where there are none, only the largest error does.
function lastMargin(): f32 {
  const left = count.intersection - (range.positives as i32);
  return rounded(left > 0 ? range.mostSorted : min(range.mostSorted, range.positives > 0 ? range.mostPositive : range.least));
}
