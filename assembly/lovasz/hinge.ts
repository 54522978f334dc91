// The Lovász hinge where each pixel weighs 1, its labels bytes: i8, 1, 0 or -1 (void).
//
// What a large image is sorted with fits no cache. It is taken apart by error: each part is sorted and weighed by itself, given what is
// counted above it.

import { anyTiny, leastMargin, mostPositive, mostSorted, positiveCount, rounded, roundMargins, survey } from "./margins";
import { findParts, largestPart, putBack, sizeOf, startOf, takeApart } from "./parts";
import { sortedCount, sortMargins } from "./sortMargins";
import { found, startImage, weighMargins } from "./weighMargins";

// larger images are taken apart
const WHOLE: u32 = 1 << 20;

/**
 * The exact loss and `scale` times the gradient by the logits, to `slopes`; NaN where a logit is, though not void. `records`, `spare`:
 * room for n + 4 u64; `counters`: for COUNTER_BYTES.
 */
export function hinge_f32(
  logits: usize,
  labels: usize,
  n: u32,
  scale: f64,
  slopes: usize,
  records: usize,
  spare: usize,
  counters: usize,
): f64 {
  const whole = n <= WHOLE;
  if (survey(logits, labels, n, whole ? records : 0) > 0x7f800000) return NaN;
  startImage(positiveCount);
  if (whole) return weighPart(labels, n, scale, slopes, records, spare, counters);
  const parts = findParts(logits, labels, n, leastMargin, lastMargin());
  // a part is sorted where the whole image would be
  if (largestPart(parts) > (n >> 1) - 16) {
    survey(logits, labels, n, records);
    return weighPart(labels, n, scale, slopes, records, spare, counters);
  }
  const partLabels = spare + ((n as usize) << 2) + 16;
  takeApart(logits, labels, n, spare, partLabels);
  const loss = weighParts(parts, scale, spare, partLabels, records, counters);
  putBack(logits, labels, n, parts, spare, slopes);
  return loss;
}

// weighs each part, its slopes where its logits were
function weighParts(parts: u32, scale: f64, partLogits: usize, partLabels: usize, records: usize, counters: usize): f64 {
  const positives = found;
  let loss: f64 = 0;
  for (let part: u32 = 0; part < parts; part++) {
    const n = sizeOf(part);
    const slopes = partLogits + (startOf(part) << 2);
    const labels = partLabels + startOf(part);
    if (positives > 0 && found == 0) {
      memory.fill(slopes, 0, (n as usize) << 2);
      continue;
    }
    survey(slopes, labels, n, records);
    loss += weighPart(labels, n, scale, slopes, records, records + (((n as usize) + 4) << 3), counters);
  }
  return loss;
}

// Sorts and weighs the pixels that the last survey looked through, their margins in `records`.
function weighPart(labels: usize, n: u32, scale: f64, slopes: usize, records: usize, spare: usize, counters: usize): f64 {
  if (anyTiny) roundMargins(records, n);
  memory.fill(slopes, 0, (n as usize) << 2);
  const sorted = sortMargins(records, labels, n, leastMargin, lastMargin(), records, spare, counters);
  return weighMargins(sorted, sorted + ((sortedCount as usize) << 3), scale, slopes);
}

// Once all positives are counted as wrong, no pixel weighs anything; where there are none, only the largest error does.
function lastMargin(): f32 {
  const left = found - (positiveCount as i32);
  return rounded(left > 0 ? mostSorted : min(mostSorted, positiveCount > 0 ? mostPositive : leastMargin));
}
