// The losses of binary tasks, one image a call: each turns its input into records and hands them to `extension`.
//
// `labels`: i32, 1, 0 or -1 (void: no error, slope 0). `weights`: the mass of each pixel, f32, or 0 where each is 1. `alpha`,
// `beta`: the set function, see weights.ts. `slopes` gets `scale` times the gradient. `records`, `spare`: room for n u64;
// `counters`: see sortRecords. All return the loss.

import { ascendingKey } from "../inline/order";
import { codeKey, HINGE, hingeKey, RAW, rawKey, SIGMOID, UNIT } from "./errors";
import { extension } from "./extension";
import { inputCode } from "./probability";

/** The Lovász hinge of logits: Yu, Blaschko, "The Lovász hinge". Margins of at least 1 are counted, not sorted. */
export function lovaszHinge_f32(
  logits: usize,
  labels: usize,
  weights: usize,
  n: u32,
  alpha: f64,
  beta: f64,
  scale: f64,
  slopes: usize,
  records: usize,
  spare: usize,
  counters: usize,
): f64 {
  return binary(HINGE, logits, labels, weights, n, alpha, beta, scale, slopes, records, spare, counters);
}

/** The loss at the errors |label - sigmoid(logit)|. */
export function lovaszSigmoid_f32(
  logits: usize,
  labels: usize,
  weights: usize,
  n: u32,
  alpha: f64,
  beta: f64,
  scale: f64,
  slopes: usize,
  records: usize,
  spare: usize,
  counters: usize,
): f64 {
  return binary(SIGMOID, logits, labels, weights, n, alpha, beta, scale, slopes, records, spare, counters);
}

/** The loss at the errors |label - probability|. */
export function lovaszProbability_f32(
  probabilities: usize,
  labels: usize,
  weights: usize,
  n: u32,
  alpha: f64,
  beta: f64,
  scale: f64,
  slopes: usize,
  records: usize,
  spare: usize,
  counters: usize,
): f64 {
  return binary(UNIT, probabilities, labels, weights, n, alpha, beta, scale, slopes, records, spare, counters);
}

/** The extension at given errors. */
export function lovaszExtension_f32(
  errors: usize,
  labels: usize,
  weights: usize,
  n: u32,
  alpha: f64,
  beta: f64,
  scale: f64,
  slopes: usize,
  records: usize,
  spare: usize,
  counters: usize,
): f64 {
  return binary(RAW, errors, labels, weights, n, alpha, beta, scale, slopes, records, spare, counters);
}

// @ts-ignore: decorator
@inline
function binary(
  kind: i32,
  values: usize,
  labels: usize,
  weights: usize,
  n: u32,
  alpha: f64,
  beta: f64,
  scale: f64,
  slopes: usize,
  records: usize,
  spare: usize,
  counters: usize,
): f64 {
  let positives: f64 = 0;
  let end = records;
  for (let i: u32 = 0; i < n; i++) {
    const at = (i as usize) << 2;
    store<f32>(slopes + at, 0);
    const label = load<i32>(labels + at);
    if (label < 0) continue;
    if (label) positives += weights ? (load<f32>(weights + at) as f64) : 1;
    const value = load<f32>(values + at);
    const margin = label ? value : -value;
    if (kind == HINGE && margin >= 1) continue;
    let key: u32;
    if (kind == HINGE) key = hingeKey(margin);
    else if (kind == SIGMOID) key = ascendingKey(margin);
    else if (kind == UNIT) key = codeKey(inputCode(value), label);
    else key = rawKey(value);
    store<u64>(end, ((key as u64) << 32) | ((i << 1) as u64) | (label as u64));
    end += 8;
  }
  const count = ((end - records) >> 3) as u32;
  return extension(kind, records, spare, counters, count, positives, alpha, beta, weights, scale, slopes);
}
