// The Lovász extension without a sort: errors are counted in equal bins, and all errors in a bin taken for its middle.
//
// How far that is from the exact loss: the extension of errors e is the largest of the sums of w_k e_s(k) over all orders s of the
// pixels, each with the weights w of its own order, which are not negative and add up to at most 1 (docs/mathematics.md). A bin
// moves no error by more than half its width d, so it moves none of these sums by more, nor the largest of them. Float32
// rounding of errors adds less than the other half: the loss is within one bin width of the exact one.
//
// A bin of the table is a pair, of negatives and positives: their masses (u32 where each pixel counts 1, else f64), and then the
// slope of each (f32). The first pair is of no bin: it takes what does not count. Bin k, the k-th pair after it, has the errors from
// (k - 1) d, excluded, to k d, included: ceil(error / d) is the place of the pair.

import { highHalf, lowHalf, readLanes, writeLanes } from "../inline/lanes";
import { sigmoid4 } from "../inline/math";
import { HINGE, RAW, SIGMOID, UNIT } from "./errors";
import { negativeWeight, positiveWeight } from "./weights";

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

/** Errors of class `c` over images: from probabilities [images, classes, pixels] and labels [images, pixels]. */
export function classErrors_f32(probabilities: usize, labels: usize, c: i32, images: u32, classes: u32, pixels: u32, errors: usize): void {
  const plane = (pixels as usize) << 2;
  probabilities += (c as usize) * plane;
  for (let image: u32 = 0; image < images; image++) {
    let i: usize = 0;
    for (; i + 16 <= plane; i += 16) v128.store(errors + i, classError(v128.load(probabilities + i), v128.load(labels + i), c));
    for (; i < plane; i += 4) {
      writeLanes(errors + i, classError(readLanes(probabilities + i, true), readLanes(labels + i, true), c), true);
    }
    probabilities += (classes as usize) * plane;
    labels += plane;
    errors += plane;
  }
}

// @ts-ignore: decorator
@inline
function classError(p: v128, label: v128, c: i32): v128 {
  const foreground = i32x4.eq(label, i32x4.splat(c));
  const one = f32x4.splat(1);
  const value = f32x4.min(f32x4.max(p, f32x4.splat(0)), one);
  const error = v128.bitselect(f32x4.sub(one, value), value, foreground);
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

/** The least error of a positive, below which nothing weighs; 0 where there is none. */
function leastPositive(errors: usize, labels: usize, c: i32, n: u32): f32 {
  const bytes = (n as usize) << 2;
  const positive = i32x4.splat(c);
  // by their bits, as above, -0 as 0; all ones where no positive
  const size = i32x4.splat(0x7fffffff);
  let least = i32x4.splat(-1);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const others = i32x4.ne(v128.load(labels + i), positive);
    least = i32x4.min_u(least, v128.or(v128.and(v128.load(errors + i), size), others));
  }
  for (; i < bytes; i += 4) {
    const others = i32x4.ne(v128.load32_splat(labels + i), positive);
    least = i32x4.min_u(least, v128.or(v128.and(v128.load32_splat(errors + i), size), others));
  }
  const pairs = i32x4.min_u(least, i32x4.shuffle(least, least, 2, 3, 0, 1));
  const smallest = min<u32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
  return smallest == u32.MAX_VALUE ? 0 : reinterpret<f32>(smallest);
}

/** Adds the errors above 0, and at least `from`, to the counts (or, with `weights`, masses) of `table`. */
export function countBins(
  errors: usize,
  labels: usize,
  weights: usize,
  c: i32,
  n: u32,
  bins: u32,
  range: f64,
  from: f32,
  table: usize,
): void {
  const bytes = (n as usize) << 2;
  const factor = binsPerError(bins, range);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const at = places(v128.load(errors + i), v128.load(labels + i), c, bins, factor, from);
    if (!v128.any_true(i32x4.gt_s(at, i32x4.splat(1)))) continue;
    add(table, weights, i, i32x4.extract_lane(at, 0));
    add(table, weights, i + 4, i32x4.extract_lane(at, 1));
    add(table, weights, i + 8, i32x4.extract_lane(at, 2));
    add(table, weights, i + 12, i32x4.extract_lane(at, 3));
  }
  for (; i < bytes; i += 4) {
    const at = places(readLanes(errors + i, true), readLanes(labels + i, true), c, bins, factor, from);
    add(table, weights, i, i32x4.extract_lane(at, 0));
  }
}

// once a call: the engine does not move it out of the loops
// @ts-ignore: decorator
@inline
export function binsPerError(bins: u32, range: f64): f32 {
  return ((bins as f64) / range) as f32;
}

// 2 place + label of four errors
// @ts-ignore: decorator
@inline
function places(error: v128, label: v128, c: i32, bins: u32, factor: f32, from: f32): v128 {
  const counted = v128.and(error, f32x4.ge(error, f32x4.splat(from)));
  const place = binOf(f32x4.mul(counted, f32x4.splat(factor)), f32x4.splat(bins as f32), f32x4.splat(4194304));
  return i32x4.sub(i32x4.sub(place, i32x4.splat(0x4a800000)), i32x4.eq(label, i32x4.splat(c)));
}

/**
 * The bits of ceil(scaled) + base, 0 <= ceil <= `bins`, NaN as 0, of which the exponent is that of base: 2^22 where twice that is
 * to be added up, with a label in the last bit.
 */
// @ts-ignore: decorator
@inline
export function binOf(scaled: v128, bins: v128, base: v128): v128 {
  return f32x4.add(base, f32x4.ceil(f32x4.pmin(bins, f32x4.pmax(f32x4.splat(0), scaled))));
}

// @ts-ignore: decorator
@inline
function add(table: usize, weights: usize, i: usize, place: u32): void {
  if (weights) {
    const at = table + ((place as usize) << 3);
    store<f64>(at, load<f64>(at) + (load<f32>(weights + i) as f64));
  } else {
    const at = table + ((place as usize) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/**
 * The loss of counts (or, `weighted`, masses), from the largest errors down, the mass of all positives being `positives`. The
 * slope of a pixel of mass 1 in each bin, times `up` for positives and `down` for negatives, goes to `out`, which may be the
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
  if (!weighted && alpha == 1 && beta == 1 && positives > 0) return weighCounts(table, bins, width, positives, up, down);
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
let truePositives: f64 = 0;
let sum: f64 = 0;
// float32 holds whole numbers up to here
const WHOLE: u32 = 1 << 24;

function weighCounts(table: usize, bins: u32, width: f64, positives: f64, up: f64, down: f64): f64 {
  d = positives;
  truePositives = positives;
  sum = 0;
  let bin = positives < (WHOLE as f64) ? weighFours(table, bins, up as f32, down as f32) : bins;
  let share = 1 / d;
  for (; bin > 0 && truePositives > 0; bin--) {
    const at = table + ((bin as usize) << 3);
    const b = load<u32>(at) as f64;
    const a = load<u32>(at, 4) as f64;
    truePositives -= a;
    d += b;
    const after = 1 / d;
    const fall = truePositives * share * after;
    sum += (a * share + b * fall) * ((bin as f64) - 0.5);
    store<f32>(at, (down * fall) as f32);
    store<f32>(at, (up * share) as f32, 4);
    share = after;
  }
  memory.fill(table, 0, ((bin as usize) << 3) + 8);
  return sum * width;
}

// Four bins at a time, while float32 holds the numbers; returns how many bins it leaves.
function weighFours(table: usize, bins: u32, up: f32, down: f32): u32 {
  let wide = i32x4.splat(d as i32);
  let rest = wide;
  let total = f64x2.splat(0);
  const factors = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(down), 1, up), 3, up);
  let bin = bins;
  for (; bin >= 4 && i32x4.extract_lane(rest, 0) > 0; bin -= 4) {
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
    const found = sumsUpTo(a);
    const after = f32x4.convert_i32x4_s(i32x4.add(wide, negatives));
    const before = f32x4.convert_i32x4_s(i32x4.add(wide, i32x4.sub(negatives, b)));
    const rise = f32x4.div(f32x4.splat(1), before);
    const fall = f32x4.div(f32x4.convert_i32x4_s(i32x4.sub(rest, found)), f32x4.mul(before, after));
    const steps = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(a), rise), f32x4.mul(f32x4.convert_i32x4_s(b), fall));
    const middle = f64x2.sub(f64x2.splat(bin as f64), f64x2(0.5, 1.5));
    total = f64x2.add(total, f64x2.mul(lowHalf(steps), middle));
    total = f64x2.add(total, f64x2.mul(highHalf(steps), f64x2.sub(middle, f64x2.splat(2))));
    v128.store(at, f32x4.mul(i32x4.shuffle(fall, rise, 3, 7, 2, 6), factors));
    v128.store(at, f32x4.mul(i32x4.shuffle(fall, rise, 1, 5, 0, 4), factors), 16);
    wide = i32x4.add(wide, i32x4.shuffle(negatives, negatives, 3, 3, 3, 3));
    rest = i32x4.sub(rest, i32x4.shuffle(found, found, 3, 3, 3, 3));
  }
  d = i32x4.extract_lane(wide, 0) as f64;
  truePositives = i32x4.extract_lane(rest, 0) as f64;
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

/** Writes to `slopes` what `out` of `weighBins` says of each error, times its weight and, of a sigmoid, its own slope. */
export function applyBins(
  kind: i32,
  errors: usize,
  labels: usize,
  weights: usize,
  c: i32,
  n: u32,
  bins: u32,
  range: f64,
  from: f32,
  table: usize,
  slopes: usize,
): void {
  const bytes = (n as usize) << 2;
  const least = f32x4.splat(from);
  const factor = binsPerError(bins, range);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const error = v128.load(errors + i);
    let slope = f32x4.splat(0);
    // most pixels of a rare class weigh nothing
    if (v128.any_true(v128.and(f32x4.gt(error, slope), f32x4.ge(error, least)))) {
      const label = v128.load(labels + i);
      slope = slopesAt(kind, error, places(error, label, c, bins, factor, from), table);
      if (weights) slope = f32x4.mul(slope, v128.load(weights + i));
    }
    v128.store(slopes + i, slope);
  }
  for (; i < bytes; i += 4) {
    const error = readLanes(errors + i, true);
    let slope = slopesAt(kind, error, places(error, readLanes(labels + i, true), c, bins, factor, from), table);
    if (weights) slope = f32x4.mul(slope, readLanes(weights + i, true));
    writeLanes(slopes + i, slope, true);
  }
}

// @ts-ignore: decorator
@inline
function slopesAt(kind: i32, error: v128, place: v128, table: usize): v128 {
  let slope = v128.load32_zero(table + ((i32x4.extract_lane(place, 0) as usize) << 2));
  slope = v128.load_lane<f32>(table + ((i32x4.extract_lane(place, 1) as usize) << 2), slope, 1);
  slope = v128.load_lane<f32>(table + ((i32x4.extract_lane(place, 2) as usize) << 2), slope, 2);
  slope = v128.load_lane<f32>(table + ((i32x4.extract_lane(place, 3) as usize) << 2), slope, 3);
  if (kind != SIGMOID) return slope;
  return f32x4.mul(slope, f32x4.mul(f32x4.max(error, f32x4.splat(0)), f32x4.sub(f32x4.splat(1), error)));
}

/**
 * The loss at `errors` [n] with labels of which `c` is the positive, and `scale` times its slopes, by counting. `table`: room
 * for bins + 1 pairs of u32; with `weights`, three times that. All errors are below `range` (see errorRange) or count as it.
 */
export function lovaszBins_f32(
  kind: i32,
  errors: usize,
  labels: usize,
  weights: usize,
  c: i32,
  n: u32,
  bins: u32,
  range: f64,
  alpha: f64,
  beta: f64,
  scale: f64,
  slopes: usize,
  table: usize,
): f64 {
  // a pixel that weighs nothing is none to stop at
  const from: f32 = weights ? 0 : leastPositive(errors, labels, c, n);
  memory.fill(table, 0, ((bins + 1) as usize) << (weights ? 4 : 3));
  countBins(errors, labels, weights, c, n, bins, range, from, table);
  const positives = positiveMass(labels, weights, c, n);
  const up = kind == RAW ? scale : -scale;
  // masses take twice the room of the slopes
  const out = weights ? table + (((bins + 1) as usize) << 4) : table;
  const loss = weighBins(table, weights != 0, bins, range, positives, alpha, beta, up, scale, out);
  applyBins(kind, errors, labels, weights, c, n, bins, range, from, out, slopes);
  return loss;
}
