// The Lovász hinge where each pixel weighs 1, its labels bytes: i8, 1, 0 or -1 (void).
//
// What a large image is sorted with fits no cache. It is taken apart by error: each range is sorted and weighed by itself, given what is
// counted above it.

import { anyTiny, leastMargin, mostPositive, mostSorted, positiveCount, rounded, roundMargins, scanRange } from "./errors/margins";
import { planRanges, largestRange, restoreGradient, sizeOf, startOf, partition } from "./sort/partition";
import { sortedCount, sortMargins } from "./sort/bucketSort";
import { intersection, startImage, scanMargins } from "./scan/scanMargins";

// larger images are taken apart
const WHOLE: u32 = 1 << 20;

/**
 * The exact loss and `scale` times the gradient by the logits, to `gradient`; NaN where a logit is, though not void. `records`, `scratch`:
 * room for n + 4 u64; `counters`: for COUNTER_BYTES.
 */
export function hinge_f32(
  logits: usize,
  labels: usize,
  n: u32,
  scale: f64,
  gradient: usize,
  records: usize,
  scratch: usize,
  counters: usize,
): f64 {
  const whole = n <= WHOLE;
  if (scanRange(logits, labels, n, whole ? records : 0) > 0x7f800000) return NaN;
  startImage(positiveCount);
  if (whole) return scanOne(labels, n, scale, gradient, records, scratch, counters);
  const ranges = planRanges(logits, labels, n, leastMargin, lastMargin());
  // a range is sorted where the whole image would be
  if (largestRange(ranges) > (n >> 1) - 16) {
    scanRange(logits, labels, n, records);
    return scanOne(labels, n, scale, gradient, records, scratch, counters);
  }
  const rangeLabels = scratch + ((n as usize) << 2) + 16;
  partition(logits, labels, n, scratch, rangeLabels);
  const loss = scanRanges(ranges, scale, scratch, rangeLabels, records, counters);
  restoreGradient(logits, labels, n, ranges, scratch, gradient);
  return loss;
}

// weighs each range, its gradient where its logits were
function scanRanges(ranges: u32, scale: f64, rangeLogits: usize, rangeLabels: usize, records: usize, counters: usize): f64 {
  const positives = intersection;
  let loss: f64 = 0;
  for (let range: u32 = 0; range < ranges; range++) {
    const n = sizeOf(range);
    const gradient = rangeLogits + (startOf(range) << 2);
    const labels = rangeLabels + startOf(range);
    if (positives > 0 && intersection == 0) {
      memory.fill(gradient, 0, (n as usize) << 2);
      continue;
    }
    scanRange(gradient, labels, n, records);
    loss += scanOne(labels, n, scale, gradient, records, records + (((n as usize) + 4) << 3), counters);
  }
  return loss;
}

// Sorts and weighs the pixels that the last scanRange looked through, their margins in `records`.
function scanOne(labels: usize, n: u32, scale: f64, gradient: usize, records: usize, scratch: usize, counters: usize): f64 {
  if (anyTiny) roundMargins(records, n);
  memory.fill(gradient, 0, (n as usize) << 2);
  const sorted = sortMargins(records, labels, n, leastMargin, lastMargin(), records, scratch, counters);
  return scanMargins(sorted, sorted + ((sortedCount as usize) << 3), scale, gradient);
}

// Once all positives are counted as wrong, no pixel weighs anything; where there are none, only the largest error does.
function lastMargin(): f32 {
  const left = intersection - (positiveCount as i32);
  return rounded(left > 0 ? mostSorted : min(mostSorted, positiveCount > 0 ? mostPositive : leastMargin));
}
