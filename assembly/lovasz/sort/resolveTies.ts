// Equal keys are not always equal errors: a key has fewer bits. Where keys tie, these functions compute the errors once more from the
// input, in float64, and sort the records by them.

import { ascendingKey, keyToFloat } from "../../inline/order";
import { sortInPlace } from "../../sort/radix";
import { Task } from "../task";
import { labelAt, offsetAt, pixelAt, putUpperKey, upperKeyAt } from "./record";
import { keySort } from "./sortKeys";

// in a longer run of equal softmax keys, pixels are almost surely equal: they are taken for that
const LONGEST: usize = 32;
// exact errors of the run, or (where errors are above 1/2) their complements, negative; the largest error first
const exact = memory.data(256, 8);

/** Sorts records of equal hinge keys by their margins, which `marginKeyAt` tells from then on. */
export function sortHingeTies(task: Task, start: usize, end: usize): void {
  const logits = task.values;
  for (let p = start; p < end; p += 8) {
    const logit = load<f32>(logits + offsetAt(p));
    // margins that leave equal errors in float64 are made equal
    putUpperKey(p, ascendingKey((1 - (1 - ((labelAt(p) ? logit : -logit) as f64))) as f32));
  }
  const count = (end - start) >> 3;
  if (count <= LONGEST) insertByUpperKey(start, end);
  else sortInPlace(start, keySort.scratch, keySort.counters, count as u32);
}

/** The key of the margin of a record that `sortHingeTies` has sorted. */
// @ts-ignore: decorator
@inline
export function marginKeyAt(record: usize): u32 {
  return upperKeyAt(record);
}

/** The hinge error of such a key. */
// @ts-ignore: decorator
@inline
export function marginError(key: u32): f64 {
  return 1 - (keyToFloat(key) as f64);
}

// an insertion sort of a few records; equal ones keep their order
function insertByUpperKey(start: usize, end: usize): void {
  for (let p = start + 8; p < end; p += 8) {
    const record = load<u64>(p);
    const key = upperKeyAt(p);
    let q = p;
    for (; q > start && upperKeyAt(q - 8) > key; q -= 8) store<u64>(q, load<u64>(q - 8));
    store<u64>(q, record);
  }
}

/**
 * Sorts records of equal softmax keys by exact errors; `low` where these are at most 1/2. Returns false where they are too many and
 * all count as equal.
 */
export function sortSoftmaxTies(task: Task, start: usize, end: usize, low: bool): bool {
  const count = (end - start) >> 3;
  if (count > LONGEST) return false;
  for (let i: usize = 0; i < count; i++) {
    const record = load<u64>(start + (i << 3));
    const error = exactError(task, pixelAt(start + (i << 3)), labelAt(start + (i << 3)) as bool, low);
    let j = i;
    for (; j > 0 && load<f64>(exact + ((j - 1) << 3)) < error; j--) {
      store<f64>(exact + (j << 3), load<f64>(exact + ((j - 1) << 3)));
      store<u64>(start + (j << 3), load<u64>(start + ((j - 1) << 3)));
    }
    store<f64>(exact + (j << 3), error);
    store<u64>(start + (j << 3), record);
  }
  return true;
}

/** Whether the records at offsets `i` and `j` of those sorted tie: a difference of the size of float64's rounding is none. */
// @ts-ignore: decorator
@inline
export function isExactTie(i: usize, j: usize): bool {
  const a = load<f64>(exact + i);
  return a - load<f64>(exact + j) <= 1e-13 * abs(a);
}

function exactError(task: Task, pixel: u32, isPositive: bool, low: bool): f64 {
  const pixels = task.pixels;
  const image = pixel / pixels;
  const first = task.values + (((image * task.classes * pixels + (pixel - image * pixels)) as usize) << 2);
  const argmax = load<i32>(task.argmax + ((pixel as usize) << 2));
  const otherSum = load<f64>(task.otherSums + ((pixel as usize) << 3));
  const x = load<f32>(first + ((((task.positive as u32) * pixels) as usize) << 2)) as f64;
  const largest = load<f32>(first + ((((argmax as u32) * pixels) as usize) << 2)) as f64;
  const p = NativeMath.exp(x - largest) / (1 + otherSum);
  const complement = argmax == task.positive ? otherSum / (1 + otherSum) : 1 - p;
  // the smaller of error and complement is the more exact
  if (low) return isPositive ? complement : p;
  return isPositive ? -p : -complement;
}
