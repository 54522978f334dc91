// The Lovász extension at errors given by their keys, and the slope of each pixel: what all the exact losses end in.
//
// Records are sorted by the first bits in which their keys differ, into cells; the few that share one are then put in order. A short loop
// weighs those whose errors no other has; equal errors are weighed together.

import { insertAll, orderCells } from "../sort/orderCells";
import { cellBits, sortCells, sortInPlace } from "../sort/radix";
import { errorOf, HINGE, HUGE_HINGE, RAW, SIGMOID, SOFTMAX, slopeOf } from "./errors";
import { exactTie, marginError, sortExact, sortMargins } from "./mend";
import { HALF_CODE } from "./probability";
import { gather, keyAt, least, most, pixelAt, positiveCount, survey, surveyWhole } from "./records";
import { found, union, loss as weighed, weighFours } from "./weighFours";
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
 * came from. `records`, `spare`: room for as many u64; the keys may lie in `spare`. The rest as in binary.ts.
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
  const stop = sorted + ((n as usize) << 3);
  orderCells(sorted, stop, orderCell);
  if (!weights && alpha == 1 && beta == 1 && positives > 0 && kind != SIGMOID && kind != HINGE) weighPlain(kind, sorted, stop);
  else weighRuns(kind, sorted, stop, stop);
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
  cell = max(1, cellBits(n, 32 - (clz<u32>(most - least) as i32)));
  if (n <= FEW) {
    insertAll(records, records + ((n as usize) << 3));
    return records;
  }
  // the last bit of a key is not in the upper half
  return sortCells(records, spare, counters, n, cell - 1);
}

// sorts the cell of the record at `p`; returns where it ends
function orderCell(records: usize, p: usize, stop: usize): usize {
  const own = keyAt(p) >> cell;
  let first = p;
  while (first > records && keyAt(first - 8) >> cell == own) first -= 8;
  let end = p + 8;
  while (end < stop && keyAt(end) >> cell == own) end += 8;
  const count = ((end - first) >> 3) as u32;
  if (count <= FEW) {
    insertAll(first, end);
    return end;
  }
  // all of the key in the upper half, for as long as it is sorted by
  for (let q = first; q < end; q += 8) store<u64>(q, load<u64>(q) << 1);
  sortInPlace(first, spare, counters, count);
  for (let q = first; q < end; q += 8) store<u64>(q, load<u64>(q) >> 1);
  return end;
}

// where pixels are of mass 1, and the set function is Jaccard's
// @ts-ignore: decorator
@inline
function weighPlain(kind: i32, sorted: usize, stop: usize): void {
  for (let p = sorted; p < stop; ) {
    p = weighFours(kind, p, stop, least, (positives + fp) as i32, (positives - fn) as i32, scale as f32, slopes);
    fp = (union as f64) - positives;
    fn = positives - (found as f64);
    loss += weighed;
    p = weighRuns(kind, p, min(p + 32, stop), stop);
  }
}

// weighs equal errors together, of all runs that begin before `end`; returns where the last ends
function weighRuns(kind: i32, p: usize, end: usize, stop: usize): usize {
  while (p < end) {
    const key = keyAt(p);
    let q = p + 8;
    while (q < stop && keyAt(q) == key) q += 8;
    if (kind == HINGE && (q - p > 8 || key + least <= HUGE_HINGE)) hingeTies(p, q);
    else if (kind == SOFTMAX && q - p > 8) softmaxTies(p, q, key + least);
    else step(kind, p, q, errorOf(kind, key + least), slopeOf(kind, key + least));
    p = q;
  }
  return p;
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
    const pixel = pixelAt(p);
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
    const pixel = pixelAt(p);
    const at = ((pixel >> 1) as usize) << 2;
    const mass = weights ? (load<f32>(weights + at) as f64) : 1;
    store<f32>(slopes + at, (mass * (pixel & 1 ? slopeUp : slopeDown)) as f32);
  }
}
