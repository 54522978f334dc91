// The Lovász extension at errors given by their keys, and the derivative of each pixel: what all the exact losses end in.
//
// Records are sorted by the first bits in which their keys differ, into cells; the few that share one are then put in order. A short loop
// weighs those whose errors no other has; equal errors are weighed together.

import { insertionSort, orderWithinBuckets } from "../sort/orderWithinBuckets";
import { bucketShiftOf, sortBuckets, sortInPlace } from "../sort/radix";
import { errorOf, HINGE, HUGE_HINGE, RAW, SIGMOID, SOFTMAX, derivativeOf } from "./errors/key";
import { exactTie, marginError, sortExact, sortMargins } from "./sort/resolveTies";
import { HALF_CODE } from "./errors/probability";
import { gather, keyAt, least, most, pixelAt, positiveCount, scanRange, keepAll } from "./sort/record";
import { intersection, union, loss as weighed, scanDistinct } from "./scan/scanDistinct";
import { negativeWeight, positiveWeight } from "./scan/weights";

// fewer records than these are faster sorted by insertion
const FEW: u32 = 48;

// the call under way
let positives: f64 = 0;
let alpha: f64 = 1;
let beta: f64 = 1;
let weights: usize = 0;
let scale: f64 = 1;
let gradient: usize = 0;
let scratch: usize = 0;
let counters: usize = 0;
// last bits of the keys in a bucketShift
let bucketShift: u32 = 0;

// masses of the false positives and negatives so far, and the loss
let fp: f64 = 0;
let fn: f64 = 0;
let loss: f64 = 0;

/**
 * The extension of the pixels in `images` planes of `pixels` keys, `stride` bytes apart, with labels (i32, -1 void) of which `c`
 * is the positive one. Writes to `gradient`, for every pixel, `scale` times the derivative of the extension by what its error
 * came from. `records`, `scratch`: room for as many u64; the keys may lie in `scratch`. The rest as in binary.ts.
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
  gradient_: usize,
  records: usize,
  scratch_: usize,
  counters_: usize,
): f64 {
  alpha = alpha_;
  beta = beta_;
  weights = weights_;
  scale = scale_;
  gradient = gradient_;
  counters = counters_;
  fp = 0;
  fn = 0;
  loss = 0;
  memory.fill(gradient, 0, ((images * pixels) as usize) << 2);
  scanRange(keys, labels, c, images, pixels, stride);
  positives = positiveCount as f64;
  if (weights) positives = massOf(labels, c, images * pixels);
  if (weights || beta == 0) keepAll();
  const n = ((gather(keys, labels, c, images, pixels, stride, records) - records) >> 3) as u32;
  if (n == 0) return 0;
  const sorted = sort(records, scratch_, n);
  scratch = sorted == records ? scratch_ : records;
  const stop = sorted + ((n as usize) << 3);
  orderWithinBuckets(sorted, stop, orderBucket);
  if (!weights && alpha == 1 && beta == 1 && positives > 0 && kind != SIGMOID && kind != HINGE) scanPlain(kind, sorted, stop);
  else scanTied(kind, sorted, stop, stop);
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

function sort(records: usize, scratch: usize, n: u32): usize {
  bucketShift = max(1, bucketShiftOf(n, 32 - (clz<u32>(most - least) as i32)));
  if (n <= FEW) {
    insertionSort(records, records + ((n as usize) << 3));
    return records;
  }
  // the last bit of a key is not in the upper half
  return sortBuckets(records, scratch, counters, n, bucketShift - 1);
}

// sorts the bucketShift of the record at `p`; returns where it ends
function orderBucket(records: usize, p: usize, stop: usize): usize {
  const own = keyAt(p) >> bucketShift;
  let first = p;
  while (first > records && keyAt(first - 8) >> bucketShift == own) first -= 8;
  let end = p + 8;
  while (end < stop && keyAt(end) >> bucketShift == own) end += 8;
  const count = ((end - first) >> 3) as u32;
  if (count <= FEW) {
    insertionSort(first, end);
    return end;
  }
  // all of the key in the upper half, for as long as it is sorted by
  for (let q = first; q < end; q += 8) store<u64>(q, load<u64>(q) << 1);
  sortInPlace(first, scratch, counters, count);
  for (let q = first; q < end; q += 8) store<u64>(q, load<u64>(q) >> 1);
  return end;
}

// where pixels are of mass 1, and the set function is Jaccard's
// @ts-ignore: decorator
@inline
function scanPlain(kind: i32, sorted: usize, stop: usize): void {
  for (let p = sorted; p < stop; ) {
    p = scanDistinct(kind, p, stop, least, (positives + fp) as i32, (positives - fn) as i32, scale as f32, gradient);
    fp = (union as f64) - positives;
    fn = positives - (intersection as f64);
    loss += weighed;
    p = scanTied(kind, p, min(p + 32, stop), stop);
  }
}

// weighs equal errors together, of all runs that begin before `end`; returns where the last ends
function scanTied(kind: i32, p: usize, end: usize, stop: usize): usize {
  while (p < end) {
    const key = keyAt(p);
    let q = p + 8;
    while (q < stop && keyAt(q) == key) q += 8;
    if (kind == HINGE && (q - p > 8 || key + least <= HUGE_HINGE)) hingeTies(p, q);
    else if (kind == SOFTMAX && q - p > 8) softmaxTies(p, q, key + least);
    else weighTie(kind, p, q, errorOf(kind, key + least), derivativeOf(kind, key + least));
    p = q;
  }
  return p;
}

function hingeTies(start: usize, end: usize): void {
  sortMargins(start, ((end - start) >> 3) as u32, scratch, counters);
  for (let p = start; p < end; ) {
    const key = load<u32>(p, 4);
    let q = p + 8;
    while (q < end && load<u32>(q, 4) == key) q += 8;
    weighTie(HINGE, p, q, marginError(key), 1);
    p = q;
  }
}

function softmaxTies(start: usize, end: usize, key: u32): void {
  const error = errorOf(SOFTMAX, key);
  if (!sortExact(start, end, key >= HALF_CODE)) return weighTie(SOFTMAX, start, end, error, 1);
  for (let p = start; p < end; ) {
    let q = p + 8;
    while (q < end && exactTie(p - start, q - start)) q += 8;
    weighTie(SOFTMAX, p, q, error, 1);
    p = q;
  }
}

// counts pixels of one error as wrong, all at once: the positives, then the negatives
function weighTie(kind: i32, start: usize, end: usize, error: f64, derivative: f64): void {
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
  const positiveGradient = (kind == RAW ? scale : -scale) * derivative * up;
  const negativeGradient = scale * derivative * down;
  for (let p = start; p < end; p += 8) {
    const pixel = pixelAt(p);
    const at = ((pixel >> 1) as usize) << 2;
    const mass = weights ? (load<f32>(weights + at) as f64) : 1;
    store<f32>(gradient + at, (mass * (pixel & 1 ? positiveGradient : negativeGradient)) as f32);
  }
}
