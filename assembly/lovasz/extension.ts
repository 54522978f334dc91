// The Lovász extension at errors given by their keys, and the slope of each pixel: what all the exact losses end in.
//
// Records are sorted by the first bits in which their keys differ, into cells. Most records are alone in theirs: a short
// loop weighs them. The others are put in order, cell by cell, and equal errors weighed together.

import { cellBits, sortCells, sortInPlace, sortWithin } from "../sort/radix";
import { errorOf, HINGE, HUGE_HINGE, RAW, SIGMOID, SOFTMAX, slopeOf } from "./errors";
import { exactTie, marginError, sortExact, sortMargins, sortShort } from "./mend";
import { HALF_CODE } from "./probability";
import { gather, least, most, positiveCount, survey, surveyWhole } from "./records";
import { negativeWeight, positiveWeight } from "./weights";

// fewer records than these are faster sorted by insertion
const FEW: u32 = 48;

// the call under way
let positives: f64 = 0;
let alpha: f64 = 1;
let beta: f64 = 1;
let weights: usize = 0;
let scale: f64 = 1;
let slopes: usize = 0;
let spare: usize = 0;
let counters: usize = 0;
// last bits of the keys in a cell
let cell: u32 = 0;

// masses of the false positives and negatives so far, and the loss
let fp: f64 = 0;
let fn: f64 = 0;
let loss: f64 = 0;

/**
 * The extension of the pixels in `images` planes of `pixels` keys, `stride` bytes apart, with labels (i32, -1 void) of which `c`
 * is the positive one. Writes to `slopes`, for every pixel, `scale` times the derivative of the extension by what its error
 * came from. `records`, `spare`: room for as many u64 and two more; the keys may lie in `spare`. The rest as in binary.ts.
 */
// @ts-ignore: decorator
@inline
export function extension(
  kind: i32,
  keys: usize,
  labels: usize,
  c: i32,
  images: u32,
  pixels: u32,
  stride: usize,
  alpha_: f64,
  beta_: f64,
  weights_: usize,
  scale_: f64,
  slopes_: usize,
  records: usize,
  spare_: usize,
  counters_: usize,
): f64 {
  alpha = alpha_;
  beta = beta_;
  weights = weights_;
  scale = scale_;
  slopes = slopes_;
  counters = counters_;
  fp = 0;
  fn = 0;
  loss = 0;
  memory.fill(slopes, 0, ((images * pixels) as usize) << 2);
  survey(keys, labels, c, images, pixels, stride);
  positives = positiveCount as f64;
  if (weights) positives = massOf(labels, c, images * pixels);
  if (weights || beta == 0) surveyWhole();
  const n = ((gather(keys, labels, c, images, pixels, stride, records) - records) >> 3) as u32;
  if (n == 0) return 0;
  const sorted = sort(records, spare_, n);
  spare = sorted == records ? spare_ : records;
  // greater than all, in a cell of its own
  const stop = sorted + ((n as usize) << 3);
  store<u64>(stop, u64.MAX_VALUE);
  store<u64>(stop, u64.MAX_VALUE, 8);
  const plain = !weights && alpha == 1 && beta == 1 && positives > 0 && kind != SIGMOID && kind != HINGE;
  if (plain) singles(kind, sorted, stop);
  else for (let p = sorted; p < stop; ) p = crowd(kind, p, cellEnd(p, stop));
  return loss;
}

// the mass of the positives
function massOf(labels: usize, c: i32, n: u32): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0, end = (n as usize) << 2; i < end; i += 4) {
    if (load<i32>(labels + i) == c) sum += load<f32>(weights + i) as f64;
  }
  return sum;
}

function sort(records: usize, spare: usize, n: u32): usize {
  const end = records + ((n as usize) << 3);
  if (n <= FEW) {
    cell = 0;
    sortShort(records, end);
    return records;
  }
  cell = cellBits(n, 32 - (clz<u32>(most - least) as i32));
  return sortCells(records, spare, counters, n, cell);
}

function cellEnd(start: usize, stop: usize): usize {
  const first = load<u32>(start, 4) >> cell;
  let end = start + 8;
  while (end < stop && load<u32>(end, 4) >> cell == first) end += 8;
  return end;
}

// Jaccard, pixels of mass 1: D = P + fp is a whole number, one division a pixel. A pair in one cell is put in order on the way,
// without a branch that chance would mispredict; cells of three and equal keys are left to `crowd`.
// @ts-ignore: decorator
@inline
function singles(kind: i32, sorted: usize, stop: usize): void {
  const from = least;
  const shift: u64 = 32 + (cell as u64);
  const out = slopes;
  const factor = scale;
  let sum: f64 = 0;
  let truePositives = positives;
  let d = positives;
  let share = 1 / d;
  let record = load<u64>(sorted);
  for (let p = sorted; p < stop; ) {
    const next = load<u64>(p, 8);
    const more = record > next;
    const first = select<u64>(next, record, more);
    record = select<u64>(record, next, more);
    if (((load<u64>(p) ^ load<u64>(p, 16)) >> shift == 0) | ((first ^ record) >> 32 == 0)) {
      fp = d - positives;
      fn = positives - truePositives;
      p = crowd(kind, p, cellEnd(p, stop));
      truePositives = positives - fn;
      d = positives + fp;
      share = 1 / d;
      record = load<u64>(p);
      continue;
    }
    const low = first as u32;
    // as numbers, 0 or 1
    const foreground = (low & 1) as f64;
    const background = 1 - foreground;
    d += background;
    const after = 1 / d;
    // 1 / D, or TP / (D (D + 1))
    const weight = share * (foreground + background * truePositives * after);
    truePositives -= foreground;
    share = after;
    sum += weight * errorOf(kind, ((first >> 32) as u32) + from);
    const slope = reinterpret<u32>((weight * factor) as f32);
    store<u32>(out + (((low >> 1) as usize) << 2), kind == RAW ? slope : slope ^ (low << 31));
    p += 8;
  }
  loss += sum;
}

// weighs the records of a cell, and returns where they end
function crowd(kind: i32, start: usize, end: usize): usize {
  const count = ((end - start) >> 3) as u32;
  if (cell > 0 && count > 1) {
    if (count <= FEW) sortShort(start, end);
    else if (cell <= 12) sortWithin(start, spare, counters, count, cell);
    else sortInPlace(start, spare, counters, count);
  }
  for (let p = start; p < end; ) {
    const key = load<u32>(p, 4);
    let q = p + 8;
    while (q < end && load<u32>(q, 4) == key) q += 8;
    if (kind == HINGE && (q - p > 8 || key + least <= HUGE_HINGE)) hingeTies(p, q);
    else if (kind == SOFTMAX && q - p > 8) softmaxTies(p, q, key + least);
    else step(kind, p, q, errorOf(kind, key + least), slopeOf(kind, key + least));
    p = q;
  }
  return end;
}

function hingeTies(start: usize, end: usize): void {
  sortMargins(start, ((end - start) >> 3) as u32, spare, counters);
  for (let p = start; p < end; ) {
    const key = load<u32>(p, 4);
    let q = p + 8;
    while (q < end && load<u32>(q, 4) == key) q += 8;
    step(HINGE, p, q, marginError(key), 1);
    p = q;
  }
}

function softmaxTies(start: usize, end: usize, key: u32): void {
  const error = errorOf(SOFTMAX, key);
  if (!sortExact(start, end, key >= HALF_CODE)) return step(SOFTMAX, start, end, error, 1);
  for (let p = start; p < end; ) {
    let q = p + 8;
    while (q < end && exactTie(p - start, q - start)) q += 8;
    step(SOFTMAX, p, q, error, 1);
    p = q;
  }
}

// counts pixels of one error as wrong, all at once: the positives, then the negatives
function step(kind: i32, start: usize, end: usize, error: f64, slope: f64): void {
  let a: f64 = 0;
  let b: f64 = 0;
  for (let p = start; p < end; p += 8) {
    const pixel = load<u32>(p);
    const mass = weights ? (load<f32>(weights + (((pixel >> 1) as usize) << 2)) as f64) : 1;
    if (pixel & 1) a += mass;
    else b += mass;
  }
  const up = a > 0 ? positiveWeight(positives, fp, fn, a, alpha, beta) : 0;
  // the last positives leave exactly none
  fn = fn + a > positives ? positives : fn + a;
  const down = b > 0 ? negativeWeight(positives, fp, fn, b, alpha, beta) : 0;
  fp += b;
  const weight = a * up + b * down;
  // a weight of 0 silences an infinite error
  if (weight > 0) loss += weight * error;
  const slopeUp = (kind == RAW ? scale : -scale) * slope * up;
  const slopeDown = scale * slope * down;
  for (let p = start; p < end; p += 8) {
    const pixel = load<u32>(p);
    const at = ((pixel >> 1) as usize) << 2;
    const mass = weights ? (load<f32>(weights + at) as f64) : 1;
    store<f32>(slopes + at, (mass * (pixel & 1 ? slopeUp : slopeDown)) as f32);
  }
}
