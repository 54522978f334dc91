// The bins of the Lovász extension without a sort: errors are counted in equal bins, and all errors of a bin are taken for its middle.
//
// How far that is from the exact loss: the extension of errors e is the largest of the sums of w_k e_s(k) over all orders s of the
// pixels, each with the weights w of its own order, which are not negative and add up to at most 1 (docs/mathematics.md). A bin
// moves no error by more than half its width d, so it moves none of these sums by more, nor the largest of them. Float32
// rounding of errors adds less than the other half: the loss is within one bin width of the exact one.
//
// The table holds a pair for each bin, of negatives and of positives: at first their masses (u32 where each pixel counts 1, else f64), in
// the end the derivative of the loss by an error of each (f32). The first pair belongs to no bin: it takes errors of 0 and ignored
// pixels. Bin k, the k-th pair after it, holds the errors above (k - 1) d and up to k d: k = ceil(error / d). The bin address of a pixel
// is that of its counter,
//
//   table + 4 (2 k + label)
//
// and is written, pixel by pixel, where the gradient will be.

import { readLanes, writeLanes } from "../../inline/lanes";

/** Bins per unit of error. To be computed once a call, as V8 does not move it out of loops. */
// @ts-ignore: decorator
@inline
export function binsPerError(bins: u32, range: f64): f32 {
  return ((bins as f64) / range) as f32;
}

// Added to 2^22, beyond all bins, a bin leaves twice itself in the last bits of the float; the label goes into the last. The exponent
// is the same for all: what a shift by two keeps of it is subtracted with the address of the table.
export const ABOVE: f32 = 4194304;
const ABOVE_BITS: u32 = 0x4a800000;

/** What `binAddresses` adds, to address `table`. */
// @ts-ignore: decorator
@inline
export function addressBase(table: usize): v128 {
  return i32x4.splat((table as u32) - (ABOVE_BITS << 2));
}

/** The bin addresses of four errors with labels, of which the last bit is read. NaN and errors below 0 count as 0. */
// @ts-ignore: decorator
@inline
export function binAddresses(error: v128, label: v128, factor: v128, bins: v128, from: v128): v128 {
  const bin = f32x4.ceil(f32x4.pmin(bins, f32x4.pmax(f32x4.splat(0), f32x4.mul(error, factor))));
  const mark = v128.or(f32x4.splat(ABOVE), v128.and(label, i32x4.splat(1)));
  return i32x4.add(i32x4.shl(f32x4.add(mark, bin), 2), from);
}

/** The bin addresses of binary `errors` (f32, negative where ignored) with labels (i32, of which 1 is the positive one). */
export function errorBins_f32(errors: usize, labels: usize, n: u32, bins: u32, range: f64, table: usize, addresses: usize): void {
  const bytes = (n as usize) << 2;
  const factor = f32x4.splat(binsPerError(bins, range));
  const last = f32x4.splat(bins as f32);
  const base = addressBase(table);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    v128.store(addresses + i, binAddresses(v128.load(errors + i), v128.load(labels + i), factor, last, base));
  }
  for (; i < bytes; i += 4) {
    writeLanes(addresses + i, binAddresses(readLanes(errors + i, true), readLanes(labels + i, true), factor, last, base), true);
  }
}

/** Writes `addresses` [n] to `out` as those of a table `by` bytes further on. */
export function moveBins(addresses: usize, out: usize, n: u32, by: i32): void {
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(out + i, i32x4.add(v128.load(addresses + i), i32x4.splat(by)));
  for (; i < bytes; i += 4) store<i32>(out + i, load<i32>(addresses + i) + by);
}

/** Counts the pixels at `addresses` [n], each that of a counter in the table, but for those of no bin. */
export function countBins(addresses: usize, n: u32, table: usize): void {
  const first = (table as u32) + 8;
  const few = i32x4.splat(first);
  let count: u32 = 0;
  const end = addresses + ((n as usize) << 2);
  for (; addresses + 32 <= end; addresses += 32) {
    const a = v128.load(addresses);
    const b = v128.load(addresses, 16);
    // most errors of a good model are negatives of the first bin: at one counter, each would wait for the one before
    const above = i32x4.max_s(i32x4.sub(a, few), i32x4.sub(b, few));
    if (!v128.any_true(i32x4.gt_s(above, i32x4.splat(0)))) {
      count += popcnt<u32>(i32x4.bitmask(i32x4.eq(a, few))) + popcnt<u32>(i32x4.bitmask(i32x4.eq(b, few)));
      continue;
    }
    countX4(a);
    countX4(b);
  }
  for (; addresses < end; addresses += 4) countOne(load<u32>(addresses) as usize);
  store<u32>(first as usize, load<u32>(first as usize) + count);
}

/** Counts four pixels. */
// @ts-ignore: decorator
@inline
export function countX4(addresses: v128): void {
  countOne(i32x4.extract_lane(addresses, 0) as usize);
  countOne(i32x4.extract_lane(addresses, 1) as usize);
  countOne(i32x4.extract_lane(addresses, 2) as usize);
  countOne(i32x4.extract_lane(addresses, 3) as usize);
}

// @ts-ignore: decorator
@inline
function countOne(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}

/** Adds the `weights` [n] of pixels at `addresses` to a table of masses, in which a counter is twice as far from the beginning. */
export function addWeights(addresses: usize, weights: usize, n: u32, table: usize): void {
  for (const end = addresses + ((n as usize) << 2); addresses < end; addresses += 4, weights += 4) {
    const at = table + (((load<u32>(addresses) as usize) - table) << 1);
    store<f64>(at, load<f64>(at) + (load<f32>(weights) as f64));
  }
}

/**
 * Replaces each of `addresses` [n] by the derivative that `scanBins` left at `out` for its bin, times its weight, if there are
 * `weights`.
 */
export function gradientOfBins(addresses: usize, weights: usize, n: u32, table: usize, out: usize): void {
  const end = addresses + ((n as usize) << 2);
  if (!weights && out == table) {
    for (; addresses + 16 <= end; addresses += 16) {
      const address = v128.load(addresses);
      let derivative = v128.load32_zero(i32x4.extract_lane(address, 0) as usize);
      derivative = v128.load_lane<f32>(i32x4.extract_lane(address, 1) as usize, derivative, 1);
      derivative = v128.load_lane<f32>(i32x4.extract_lane(address, 2) as usize, derivative, 2);
      v128.store(addresses, v128.load_lane<f32>(i32x4.extract_lane(address, 3) as usize, derivative, 3));
    }
  }
  for (; addresses < end; addresses += 4) {
    const derivative = load<f32>(out + ((load<u32>(addresses) as usize) - table));
    store<f32>(addresses, weights ? derivative * load<f32>(weights) : derivative);
    if (weights) weights += 4;
  }
}
