// The Lovász extension without a sort: errors are counted in equal bins, and all errors in a bin taken for its middle.
//
// How far that is from the exact loss: the extension of errors e is the largest of the sums of w_k e_s(k) over all orders s of the
// pixels, each with the weights w of its own order, which are not negative and add up to at most 1 (docs/mathematics.md). A bin
// moves no error by more than half its width d, so it moves none of these sums by more, nor the largest of them. Float32
// rounding of errors adds less than the other half: the loss is within one bin width of the exact one.
//
// A bin of the table is a pair, of negatives and positives: their masses (u32 where each pixel counts 1, else f64), and then the
// g of each (f32). The first pair is of no bin: it takes what does not count. Bin k, the k-th pair after it, has the errors from
// (k - 1) d, excluded, to k d, included: k = ceil(error / d). The address of an error is the address of its counter,
//
//   table + 4 (2 k + label)
//
// and is written, pixel by pixel, where its g will be.

import { highHalf, lowHalf, readLanes, writeLanes } from "../../inline/lanes";
import { sigmoid4 } from "../../inline/math";
import { HINGE, RAW, SIGMOID, UNIT } from "../errors/key";
import { negativeWeight, positiveWeight } from "../scan/weights";

/** Errors of binary tasks, f32 `errors` [n]: see errors.ts for `kind`; -1 where the label (i32: 1, 0 or -1) is void. */
export function errors_f32(kind: i32, values: usize, labels: usize, n: u32, errors: usize): void {
  if (kind == HINGE) errorLanes(HINGE, values, labels, n, errors);
  else if (kind == SIGMOID) errorLanes(SIGMOID, values, labels, n, errors);
  else if (kind == UNIT) errorLanes(UNIT, values, labels, n, errors);
  else errorLanes(RAW, values, labels, n, errors);
}

// @ts-ignore: decorator
@inline
function errorLanes(kind: i32, values: usize, labels: usize, n: u32, errors: usize): void {
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(errors + i, errorsOf(kind, v128.load(values + i), v128.load(labels + i)));
  for (; i < bytes; i += 4) writeLanes(errors + i, errorsOf(kind, readLanes(values + i, true), readLanes(labels + i, true)), true);
}

// @ts-ignore: decorator
@inline
function errorsOf(kind: i32, value: v128, label: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const background = i32x4.eq(label, i32x4.splat(0));
  let error = value;
  if (kind == UNIT) {
    const p = f32x4.min(f32x4.max(value, zero), one);
    error = v128.bitselect(p, f32x4.sub(one, p), background);
  } else if (kind != RAW) {
    const margin = v128.xor(value, v128.and(background, i32x4.splat(0x80000000)));
    error = kind == HINGE ? f32x4.pmax(f32x4.sub(one, margin), zero) : sigmoid4(f32x4.neg(margin));
  }
  return v128.bitselect(f32x4.splat(-1), error, i32x4.lt_s(label, i32x4.splat(0)));
}

/** The least power of two above all errors, and at least 2^-64. */
export function errorRange(errors: usize, n: u32): f64 {
  const bytes = (n as usize) << 2;
  // floats of at least 0 are ordered as their bits are, and those of -1 below them
  let largest = i32x4.splat(0);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) largest = i32x4.max_s(largest, v128.load(errors + i));
  for (; i < bytes; i += 4) largest = i32x4.max_s(largest, v128.load32_splat(errors + i));
  const pairs = i32x4.max_s(largest, i32x4.shuffle(largest, largest, 2, 3, 0, 1));
  const most: u32 = max<i32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
  return rangeAbove(most);
}

/** The least power of two above the float32 of these bits, and at least 2^-64. */
export function rangeAbove(bits: u32): f64 {
  const exponent = max<i64>(((bits >> 23) as i64) - 126, -64);
  return reinterpret<f64>((exponent + 1023) << 52);
}

/** The mass of the pixels labelled `c`. */
export function positiveMass(labels: usize, weights: usize, c: i32, n: u32): f64 {
  let sum: f64 = 0;
  let i: usize = 0;
  const end = (n as usize) << 2;
  if (!weights) {
    let count = i32x4.splat(0);
    for (; i + 16 <= end; i += 16) count = i32x4.sub(count, i32x4.eq(v128.load(labels + i), i32x4.splat(c)));
    sum += (i32x4.extract_lane(count, 0) as f64) + (i32x4.extract_lane(count, 1) as f64);
    sum += (i32x4.extract_lane(count, 2) as f64) + (i32x4.extract_lane(count, 3) as f64);
  }
  for (; i < end; i += 4) {
    if (load<i32>(labels + i) == c) sum += weights ? (load<f32>(weights + i) as f64) : 1;
  }
  return sum;
}

/** Bins per unit of error: once a call, as the engine does not move it out of loops. */
// @ts-ignore: decorator
@inline
export function binsPerError(bins: u32, range: f64): f32 {
  return ((bins as f64) / range) as f32;
}

// Added to 2^22, beyond all bins, a bin leaves twice itself in the last bits of the float; the label goes into the last. The exponent
// is the same for all: what a shift by two keeps of it is taken off with the address of the table.
export const ABOVE: f32 = 4194304;
const ABOVE_BITS: u32 = 0x4a800000;

/** What `binAddresses` adds, to address `table`. */
// @ts-ignore: decorator
@inline
export function addressBase(table: usize): v128 {
  return i32x4.splat((table as u32) - (ABOVE_BITS << 2));
}

/** The addresses of four errors, NaN and those below 0 taken for 0, with labels (of which the last bit is read), given `addressBase`. */
// @ts-ignore: decorator
@inline
export function binAddresses(error: v128, label: v128, factor: v128, bins: v128, from: v128): v128 {
  const bin = f32x4.ceil(f32x4.pmin(bins, f32x4.pmax(f32x4.splat(0), f32x4.mul(error, factor))));
  const mark = v128.or(f32x4.splat(ABOVE), v128.and(label, i32x4.splat(1)));
  return i32x4.add(i32x4.shl(f32x4.add(mark, bin), 2), from);
}

/** The addresses of binary `errors` (f32, negative where void) with labels (i32, of which 1 is the positive one). */
export function errorPlaces_f32(errors: usize, labels: usize, n: u32, bins: u32, range: f64, table: usize, addresses: usize): void {
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

/** Writes `addresses` [n] to `out` as those of a table that lies `by` bytes behind theirs. */
export function movePlaces(addresses: usize, out: usize, n: u32, by: i32): void {
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(out + i, i32x4.add(v128.load(addresses + i), i32x4.splat(by)));
  for (; i < bytes; i += 4) store<i32>(out + i, load<i32>(addresses + i) + by);
}

/** Counts the errors at `addresses` [n] of a table of counts, each the address of a counter, those of no bin left out. */
export function countPlaces(addresses: usize, n: u32, table: usize): void {
  const first = (table as u32) + 8;
  const few = i32x4.splat(first);
  let count: u32 = 0;
  const end = addresses + ((n as usize) << 2);
  for (; addresses + 32 <= end; addresses += 32) {
    const a = v128.load(addresses);
    const b = v128.load(addresses, 16);
    // most errors of a good model are negatives of the first bin, which would wait for each other at its counter
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

/** The same of pixels with `weights` [n], to a table of masses, of which an address is twice as far from its beginning. */
export function weighPlaces(addresses: usize, weights: usize, n: u32, table: usize): void {
  for (const end = addresses + ((n as usize) << 2); addresses < end; addresses += 4, weights += 4) {
    const at = table + (((load<u32>(addresses) as usize) - table) << 1);
    store<f64>(at, load<f64>(at) + (load<f32>(weights) as f64));
  }
}

/** Puts the g of each of `addresses` [n], as `weighBins` left it at `out`, where the address was; times `weights`, if any. */
export function slopesOfPlaces(addresses: usize, weights: usize, n: u32, table: usize, out: usize): void {
  const end = addresses + ((n as usize) << 2);
  if (!weights && out == table) {
    for (; addresses + 16 <= end; addresses += 16) {
      const address = v128.load(addresses);
      let g = v128.load32_zero(i32x4.extract_lane(address, 0) as usize);
      g = v128.load_lane<f32>(i32x4.extract_lane(address, 1) as usize, g, 1);
      g = v128.load_lane<f32>(i32x4.extract_lane(address, 2) as usize, g, 2);
      v128.store(addresses, v128.load_lane<f32>(i32x4.extract_lane(address, 3) as usize, g, 3));
    }
  }
  for (; addresses < end; addresses += 4) {
    const g = load<f32>(out + ((load<u32>(addresses) as usize) - table));
    store<f32>(addresses, weights ? g * load<f32>(weights) : g);
    if (weights) weights += 4;
  }
}

/** Multiplies the gradient by sigmoid errors [n] with those of the sigmoid itself, e (1 - e). */
export function sigmoidSlopes_f32(errors: usize, gradient: usize, n: u32): void {
  for (const end = gradient + ((n as usize) << 2); gradient < end; gradient += 4, errors += 4) {
    const e = max<f32>(load<f32>(errors), 0);
    store<f32>(gradient, load<f32>(gradient) * (e * (1 - e)));
  }
}

/**
 * The loss of counts (or, `weighted`, masses), from the largest errors down, the mass of all positives being `positives`. The
 * g of a pixel of mass 1 in each bin, times `up` for positives and `down` for negatives, goes to `out`, which may be the
 * table of counts, and is where each pixel has mass 1 and the loss is that of Jaccard.
 */
export function weighBins(
  table: usize,
  weighted: bool,
  bins: u32,
  range: f64,
  positives: f64,
  alpha: f64,
  beta: f64,
  up: f64,
  down: f64,
  out: usize,
): f64 {
  const width = range / (bins as f64);
  store<u64>(out, 0);
  if (!weighted && alpha == 1 && beta == 1 && positives > 0) return scanCounts(table, bins, width, positives, up, down);
  let fp: f64 = 0;
  let fn: f64 = 0;
  let loss: f64 = 0;
  for (let bin = bins; bin > 0; bin--) {
    const at = (bin as usize) << 3;
    // all positives are counted: nothing below weighs
    if (positives > 0 && fn >= positives) {
      memory.fill(out, 0, at + 8);
      break;
    }
    const b = weighted ? load<f64>(table + 2 * at) : (load<u32>(table + at) as f64);
    const a = weighted ? load<f64>(table + 2 * at, 8) : (load<u32>(table + at, 4) as f64);
    if (a + b == 0) {
      store<u64>(out + at, 0);
      continue;
    }
    const rise = a > 0 ? positiveWeight(positives, fp, fn, a, alpha, beta) : 0;
    fn = min(fn + a, positives);
    const fall = b > 0 ? negativeWeight(positives, fp, fn, b, alpha, beta) : 0;
    fp += b;
    loss += (a * rise + b * fall) * (((bin as f64) - 0.5) * width);
    store<f32>(out + at, (down * fall) as f32);
    store<f32>(out + at, (up * rise) as f32, 4);
  }
  return loss;
}

// Jaccard, pixels of mass 1: of a positive 1 / D, of a negative TP / (D D'), where D = P + fp, TP and, behind the bin's negatives,
// D' are whole numbers. Bins that count nothing keep their zeros.
let d: f64 = 0;
let intersection: f64 = 0;
let sum: f64 = 0;
// float32 holds whole numbers up to here
const WHOLE: u32 = 1 << 24;

function scanCounts(table: usize, bins: u32, width: f64, positives: f64, up: f64, down: f64): f64 {
  d = positives;
  intersection = positives;
  sum = 0;
  let bin = positives < (WHOLE as f64) ? scanCountsX4(table, bins, up as f32, down as f32) : bins;
  let share = 1 / d;
  for (; bin > 0 && intersection > 0; bin--) {
    const at = table + ((bin as usize) << 3);
    const b = load<u32>(at) as f64;
    const a = load<u32>(at, 4) as f64;
    intersection -= a;
    d += b;
    const after = 1 / d;
    const fall = intersection * share * after;
    sum += (a * share + b * fall) * ((bin as f64) - 0.5);
    store<f32>(at, (down * fall) as f32);
    store<f32>(at, (up * share) as f32, 4);
    share = after;
  }
  memory.fill(table, 0, ((bin as usize) << 3) + 8);
  return sum * width;
}

// Four bins at a time, while float32 holds the numbers; returns how many bins it leaves.
function scanCountsX4(table: usize, bins: u32, up: f32, down: f32): u32 {
  let wide = i32x4.splat(d as i32);
  let intersectionX4 = wide;
  let total = f64x2.splat(0);
  const factors = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(down), 1, up), 3, up);
  let bin = bins;
  for (; bin >= 4 && i32x4.extract_lane(intersectionX4, 0) > 0; bin -= 4) {
    const at = table + ((bin as usize) << 3) - 24;
    const below = v128.load(at);
    const above = v128.load(at, 16);
    const any = v128.or(below, above);
    if (!v128.any_true(any)) continue;
    if (v128.any_true(v128.and(v128.or(any, wide), i32x4.splat(~(WHOLE - 1))))) break;
    // from the largest errors down
    const b = i32x4.shuffle(above, below, 2, 0, 6, 4);
    const a = i32x4.shuffle(above, below, 3, 1, 7, 5);
    const negatives = sumsUpTo(b);
    const intersections = sumsUpTo(a);
    const after = f32x4.convert_i32x4_s(i32x4.add(wide, negatives));
    const before = f32x4.convert_i32x4_s(i32x4.add(wide, i32x4.sub(negatives, b)));
    const rise = f32x4.div(f32x4.splat(1), before);
    const fall = f32x4.div(f32x4.convert_i32x4_s(i32x4.sub(intersectionX4, intersections)), f32x4.mul(before, after));
    const steps = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(a), rise), f32x4.mul(f32x4.convert_i32x4_s(b), fall));
    const middle = f64x2.sub(f64x2.splat(bin as f64), f64x2(0.5, 1.5));
    total = f64x2.add(total, f64x2.mul(lowHalf(steps), middle));
    total = f64x2.add(total, f64x2.mul(highHalf(steps), f64x2.sub(middle, f64x2.splat(2))));
    v128.store(at, f32x4.mul(i32x4.shuffle(fall, rise, 3, 7, 2, 6), factors));
    v128.store(at, f32x4.mul(i32x4.shuffle(fall, rise, 1, 5, 0, 4), factors), 16);
    wide = i32x4.add(wide, i32x4.shuffle(negatives, negatives, 3, 3, 3, 3));
    intersectionX4 = i32x4.sub(intersectionX4, i32x4.shuffle(intersections, intersections, 3, 3, 3, 3));
  }
  d = i32x4.extract_lane(wide, 0) as f64;
  intersection = i32x4.extract_lane(intersectionX4, 0) as f64;
  sum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
  return bin;
}

// each lane and those before it
// @ts-ignore: decorator
@inline
function sumsUpTo(v: v128): v128 {
  const zero = i32x4.splat(0);
  const pairs = i32x4.add(v, i32x4.shuffle(zero, v, 0, 4, 5, 6));
  return i32x4.add(pairs, i32x4.shuffle(zero, pairs, 0, 1, 4, 5));
}
