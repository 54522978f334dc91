// The Lovász hinge by counting (bins.ts), where each pixel weighs 1, its labels bytes: i8, 1, 0 or -1 (ignored).

import { maxI32, maxU32 } from "../../inline/lanes";
import { readBytes } from "../errors/margins";
import { addressBase, binAddresses, binsPerError, countX4, gradientOfBins } from "./bins";
import { rangeAbove } from "./errors";
import { scanBins } from "./scan";

/** What `countMargins` learns of the pixels that are not ignored. */
// @ts-ignore: decorator
@unmanaged
class Counted {
  positives: u32 = 0;
  /** The bits of the largest error, and the largest bits of all. */
  mostError: u32 = 0;
  mostBits: u32 = 0;
}

const counted = changetype<Counted>(memory.data(16, 16));

// the last pixels, fewer than sixteen, filled up with ignored ones
const tailLogits = memory.data(64, 16);
const tailLabels = memory.data(16, 16);
const tailGradient = memory.data(64, 16);

/**
 * The loss by counting in `bins` equal bins, and `scale` times the gradient by the logits, to `gradient`; NaN where a logit is not
 * finite and not ignored. `table`: scratch for bins + 1 pairs of u32.
 */
export function hingeBins_f32(logits: usize, labels: usize, n: u32, bins: u32, scale: f64, gradient: usize, table: usize): f64 {
  const tail = (n & 15) as usize;
  const whole = (n as usize) - tail;
  memory.fill(tailLabels, 0xff, 16);
  memory.copy(tailLogits, logits + (whole << 2), tail << 2);
  memory.copy(tailLabels, labels + whole, tail);
  let range = rangeAbove(sample(logits, labels, whole));
  for (let known = range; ; range = known) {
    startCount(table, bins);
    countMargins(logits, labels, whole, bins, range, table, gradient);
    if (tail) countMargins(tailLogits, tailLabels, 16, bins, range, table, tailGradient);
    // of infinity or NaN, of either sign
    if (counted.mostError >= 0x7f800000 || counted.mostBits >= 0xff800000) return NaN;
    known = rangeAbove(counted.mostError);
    if (known == range) break;
  }
  const loss = scanBins(table, false, bins, range, counted.positives as f64, 1, 1, -scale);
  memory.copy(gradient + (whole << 2), tailGradient, tail << 2);
  gradientOfBins(gradient, 0, n, table, table);
  return loss;
}

function startCount(table: usize, bins: u32): void {
  counted.positives = 0;
  counted.mostError = 0;
  counted.mostBits = 0;
  memory.fill(table, 0, ((bins + 1) as usize) << 3);
}

// the bits of the largest error in a sample of the pixels, which suggests the range of all; 0 where no error is above 0
function sample(logits: usize, labels: usize, n: usize): u32 {
  let most = i32x4.splat(0);
  for (let i: usize = 0; i < n; i += 64) {
    const label = readBytes(labels + i);
    most = i32x4.max_s(most, errorsOf(v128.load(logits + (i << 2)), label));
  }
  return maxI32(most);
}

// Counts the pixels of each bin and label in the table, and writes their bin addresses, as that takes less time than computing them again.
function countMargins(logits: usize, labels: usize, n: usize, bins: u32, range: f64, table: usize, addresses: usize): void {
  const factor = f32x4.splat(binsPerError(bins, range));
  const last = f32x4.splat(bins as f32);
  const base = addressBase(table);
  let most = i32x4.splat(0);
  let bits = i32x4.splat(0);
  let count: u32 = 0;
  for (const end = labels + n; labels < end; labels += 16, logits += 64, addresses += 64) {
    const label = v128.load(labels);
    count += popcnt<u32>(i8x16.bitmask(i8x16.eq(label, i8x16.splat(1))));
    const low = i16x8.extend_low_i8x16_s(label);
    const l0 = i32x4.extend_low_i16x8_s(low);
    const e0 = errorsOf(v128.load(logits), l0);
    const p0 = binAddresses(e0, l0, factor, last, base);
    v128.store(addresses, p0);
    const l1 = i32x4.extend_high_i16x8_s(low);
    const e1 = errorsOf(v128.load(logits, 16), l1);
    const p1 = binAddresses(e1, l1, factor, last, base);
    v128.store(addresses, p1, 16);
    bits = i32x4.max_u(bits, i32x4.max_u(e0, e1));
    // at the counter of pixels without error, each would wait for the one before
    const larger = i32x4.max_s(e0, e1);
    most = i32x4.max_s(most, larger);
    if (v128.any_true(i32x4.gt_s(larger, i32x4.splat(0)))) {
      countX4(p0);
      countX4(p1);
    }
    const high = i16x8.extend_high_i8x16_s(label);
    const l2 = i32x4.extend_low_i16x8_s(high);
    const e2 = errorsOf(v128.load(logits, 32), l2);
    const p2 = binAddresses(e2, l2, factor, last, base);
    v128.store(addresses, p2, 32);
    const l3 = i32x4.extend_high_i16x8_s(high);
    const e3 = errorsOf(v128.load(logits, 48), l3);
    const p3 = binAddresses(e3, l3, factor, last, base);
    v128.store(addresses, p3, 48);
    bits = i32x4.max_u(bits, i32x4.max_u(e2, e3));
    const largest = i32x4.max_s(e2, e3);
    most = i32x4.max_s(most, largest);
    if (v128.any_true(i32x4.gt_s(largest, i32x4.splat(0)))) {
      countX4(p2);
      countX4(p3);
    }
  }
  counted.positives += count;
  counted.mostError = max<u32>(counted.mostError, maxI32(most));
  counted.mostBits = max(counted.mostBits, maxU32(bits));
}

// 1 - margin, or 0 where ignored; the margin is the logit of a positive, minus the logit of a negative
// @ts-ignore: decorator
@inline
function errorsOf(logit: v128, label: v128): v128 {
  const error = f32x4.add(f32x4.splat(1), v128.xor(logit, i32x4.shl(label, 31)));
  return v128.andnot(error, i32x4.shr_s(label, 31));
}
