// The scan of records sorted by key, largest error first: distinct errors four at a time where that can be, equal errors together.

import { derivativeOf, errorOf, HINGE, HUGE_HINGE, RAW, SIGMOID, SOFTMAX } from "../errors/key";
import { HALF_CODE } from "../errors/probability";
import { keyRange } from "../sort/gather";
import { keyAt, labelAt, offsetAt } from "../sort/record";
import { isExactTie, marginError, marginKeyAt, sortHingeTies, sortSoftmaxTies } from "../sort/resolveTies";
import { Task } from "../task";
import { count } from "./count";
import { scanDistinct } from "./scanDistinct";
import { negativeWeight, positiveWeight } from "./weights";

/** Masses counted so far: pixels count their weights. */
// @ts-ignore: decorator
@unmanaged
class Masses {
  positives: f64 = 0;
  /** False positives and false negatives. */
  fp: f64 = 0;
  fn: f64 = 0;
  loss: f64 = 0;
}

const masses = changetype<Masses>(memory.data(32, 16));

/** Scans sorted records, writes `task.scale` times the gradient, and returns the loss. */
// @ts-ignore: decorator
@inline
export function scanKeys(kind: i32, task: Task, sorted: usize, stop: usize): f64 {
  masses.positives = task.weights ? massOfPositives(task) : (keyRange.positives as f64);
  masses.fp = 0;
  masses.fn = 0;
  masses.loss = 0;
  const isPlain = !task.weights && task.alpha == 1 && task.beta == 1 && masses.positives > 0;
  if (isPlain && kind != SIGMOID && kind != HINGE) scanPlain(kind, task, sorted, stop);
  else scanTied(kind, task, sorted, stop, stop);
  return masses.loss;
}

function massOfPositives(task: Task): f64 {
  const labels = task.labels;
  const weights = task.weights;
  const positive = task.positive;
  let sum: f64 = 0;
  for (let i: usize = 0, end = ((task.images * task.pixels) as usize) << 2; i < end; i += 4) {
    if (load<i32>(labels + i) == positive) sum += load<f32>(weights + i) as f64;
  }
  return sum;
}

// where each pixel weighs 1 and the set function is Jaccard's
// @ts-ignore: decorator
@inline
function scanPlain(kind: i32, task: Task, sorted: usize, stop: usize): void {
  const positives = masses.positives;
  for (let p = sorted; p < stop; ) {
    count.union = (positives + masses.fp) as i32;
    count.intersection = (positives - masses.fn) as i32;
    p = scanDistinct(kind, p, stop, keyRange.least, task.scale as f32, task.gradient);
    masses.fp = (count.union as f64) - positives;
    masses.fn = positives - (count.intersection as f64);
    masses.loss += count.loss;
    p = scanTied(kind, task, p, min(p + 32, stop), stop);
  }
}

// weighs equal errors together, in all runs that begin before `end`; returns where the last run ends
function scanTied(kind: i32, task: Task, p: usize, end: usize, stop: usize): usize {
  const least = keyRange.least;
  while (p < end) {
    const key = keyAt(p);
    let q = p + 8;
    while (q < stop && keyAt(q) == key) q += 8;
    if (kind == HINGE && (q - p > 8 || key + least <= HUGE_HINGE)) hingeTies(task, p, q);
    else if (kind == SOFTMAX && q - p > 8) softmaxTies(task, p, q, key + least);
    else weighTie(kind, task, p, q, errorOf(kind, key + least), derivativeOf(kind, key + least));
    p = q;
  }
  return p;
}

function hingeTies(task: Task, start: usize, end: usize): void {
  sortHingeTies(task, start, end);
  for (let p = start; p < end; ) {
    const key = marginKeyAt(p);
    let q = p + 8;
    while (q < end && marginKeyAt(q) == key) q += 8;
    weighTie(HINGE, task, p, q, marginError(key), 1);
    p = q;
  }
}

function softmaxTies(task: Task, start: usize, end: usize, key: u32): void {
  const error = errorOf(SOFTMAX, key);
  if (!sortSoftmaxTies(task, start, end, key >= HALF_CODE)) return weighTie(SOFTMAX, task, start, end, error, 1);
  for (let p = start; p < end; ) {
    let q = p + 8;
    while (q < end && isExactTie(p - start, q - start)) q += 8;
    weighTie(SOFTMAX, task, p, q, error, 1);
    p = q;
  }
}

// Counts pixels of one error as wrong, the positives first and then the negatives. `derivative`: of the error by the input.
function weighTie(kind: i32, task: Task, start: usize, end: usize, error: f64, derivative: f64): void {
  const weights = task.weights;
  let positive: f64 = 0;
  let negative: f64 = 0;
  for (let p = start; p < end; p += 8) {
    const mass = weights ? (load<f32>(weights + offsetAt(p)) as f64) : 1;
    if (labelAt(p)) positive += mass;
    else negative += mass;
  }
  const up = positive > 0 ? positiveWeight(masses.positives, masses.fp, masses.fn, positive, task.alpha, task.beta) : 0;
  // the last positives leave exactly none
  masses.fn = masses.fn + positive > masses.positives ? masses.positives : masses.fn + positive;
  const down = negative > 0 ? negativeWeight(masses.positives, masses.fp, masses.fn, negative, task.alpha, task.beta) : 0;
  masses.fp += negative;
  const weight = positive * up + negative * down;
  // a weight of 0 silences an infinite error
  if (weight > 0) masses.loss += weight * error;
  const scale = task.scale;
  const gradient = task.gradient;
  const ofPositives = (kind == RAW ? scale : -scale) * derivative * up;
  const ofNegatives = scale * derivative * down;
  for (let p = start; p < end; p += 8) {
    const at = offsetAt(p);
    const mass = weights ? (load<f32>(weights + at) as f64) : 1;
    store<f32>(gradient + at, (mass * (labelAt(p) ? ofPositives : ofNegatives)) as f32);
  }
}
