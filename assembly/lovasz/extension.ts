// The Lovász extension of sorted errors, and the slope of each pixel: what all the losses end in.

import { sortRecords } from "../sort/radix";
import { errorOf, RAW, SOFTMAX, slopeOf } from "./errors";
import { mend, mendedTie } from "./mend";
import { HALF_CODE } from "./probability";
import { negativeWeight, positiveWeight } from "./weights";

/**
 * Sorts `n` records (key in the upper half; pixel and label in the lower, as 2 pixel + label) and returns the extension, the
 * mass of all positives being `positives`. Writes to `slopes`, at each pixel of a record, `scale` times the derivative of the
 * extension by what its error came from. `weights`: the mass of each pixel in f32, or 0 where each is 1.
 */
// @ts-ignore: decorator
@inline
export function extension(
  kind: i32,
  records: usize,
  spare: usize,
  counters: usize,
  n: u32,
  positives: f64,
  alpha: f64,
  beta: f64,
  weights: usize,
  scale: f64,
  slopes: usize,
): f64 {
  const sorted = sortRecords(records, spare, counters, n);
  const stop = sorted + ((n as usize) << 3);
  let loss: f64 = 0;
  let fp: f64 = 0;
  let fn: f64 = 0;
  let run = sorted;
  let mended = sorted;
  // pixels of equal error, from the largest down
  for (let p = sorted; p < stop; ) {
    const key = load<u32>(p, 4);
    if (kind == SOFTMAX && p >= mended && p + 8 < stop && load<u32>(p, 12) == key) {
      run = p;
      mended = mend(p, stop, key >= HALF_CODE);
    }
    let a: f64 = 0;
    let b: f64 = 0;
    let q = p;
    for (; q < stop && load<u32>(q, 4) == key; q += 8) {
      if (kind == SOFTMAX && q < mended && !mendedTie(p - run, q - run)) break;
      const pixel = load<u32>(q);
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
    if (weight > 0) loss += weight * errorOf(kind, key);
    const slope = scale * slopeOf(kind, key);
    const slopeUp = kind == RAW ? slope * up : -slope * up;
    const slopeDown = slope * down;
    for (; p < q; p += 8) {
      const pixel = load<u32>(p);
      const at = ((pixel >> 1) as usize) << 2;
      const mass = weights ? (load<f32>(weights + at) as f64) : 1;
      store<f32>(slopes + at, (mass * (pixel & 1 ? slopeUp : slopeDown)) as f32);
    }
  }
  return loss;
}
