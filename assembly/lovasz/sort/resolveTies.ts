// Errors whose keys are equal, told apart in float64 by looking at the input again.

import { ascendingKey, keyToFloat } from "../../inline/order";
import { sortInPlace } from "../../sort/radix";
import { pixelAt } from "./record";

// a longer run of equal softmax keys is taken for what it almost surely is, pixels that are alike
const LONGEST: usize = 32;
// exact errors of the run in hand, or (where errors are above 1/2) their complements, negative; largest error first
const exact = memory.data(256, 8);

/** Where the input of the call under way lies. */
let logits: usize = 0;
// of a softmax: one class of [images, classes, pixels], and see softmaxKeys.ts
let otherSums: usize = 0;
let argmax: usize = 0;
let pixels: u32 = 0;
let classes: u32 = 0;
let class_: i32 = 0;

/** Remembers where hinge errors come from. */
export function setHingeSource(logitsAt: usize): void {
  logits = logitsAt;
}

/** Remembers where softmax errors come from; see softmaxKeys.ts for `otherSums` and `argmax`. */
export function setSoftmaxSource(logitsAt: usize, otherSumsAt: usize, argmaxAt: usize, c: i32, classCount: u32, pixelCount: u32): void {
  logits = logitsAt;
  otherSums = otherSumsAt;
  argmax = argmaxAt;
  class_ = c;
  classes = classCount;
  pixels = pixelCount;
}

/** Gives `count` records of equal hinge keys those of their margins instead, as `sortInPlace` has them, and sorts them by these. */
export function sortMargins(start: usize, count: u32, scratch: usize, counters: usize): void {
  const end = start + ((count as usize) << 3);
  for (let p = start; p < end; p += 8) {
    const low = pixelAt(p);
    store<u32>(p, low);
    const logit = load<f32>(logits + (((low >> 1) as usize) << 2));
    // margins that float64 cannot tell apart in 1 - margin are one
    store<u32>(p, ascendingKey((1 - (1 - ((low & 1 ? logit : -logit) as f64))) as f32), 4);
  }
  if (count <= (LONGEST as u32)) sortShort(start, end);
  else sortInPlace(start, scratch, counters, count);
}

/** The hinge error of a record that `sortMargins` has seen. */
// @ts-ignore: decorator
@inline
export function marginError(key: u32): f64 {
  return 1 - (keyToFloat(key) as f64);
}

// a few, by the same key; equals keep their order
function sortShort(start: usize, end: usize): void {
  for (let p = start + 8; p < end; p += 8) {
    const record = load<u64>(p);
    const key = (record >> 32) as u32;
    let q = p;
    for (; q > start && load<u32>(q - 4) > key; q -= 8) store<u64>(q, load<u64>(q - 8));
    store<u64>(q, record);
  }
}

/**
 * Sorts records of equal softmax keys by exact errors; `low` where these are at most 1/2. Returns false where there are too
 * many, and they tie.
 */
export function sortExact(start: usize, end: usize, low: bool): bool {
  const count = (end - start) >> 3;
  if (count > LONGEST) return false;
  for (let i: usize = 0; i < count; i++) {
    const record = load<u64>(start + (i << 3));
    const error = exactError((record as u32) & 0x7fffffff, low);
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

/** Whether the records at `i` and `j` bytes of those sorted tie: differences of the order of rounding in float64 are none. */
// @ts-ignore: decorator
@inline
export function exactTie(i: usize, j: usize): bool {
  const a = load<f64>(exact + i);
  return a - load<f64>(exact + j) <= 1e-13 * abs(a);
}

function exactError(pixelAndLabel: u32, low: bool): f64 {
  const pixel = pixelAndLabel >> 1;
  const image = pixel / pixels;
  const first = logits + (((image * classes * pixels + (pixel - image * pixels)) as usize) << 2);
  const largest = load<i32>(argmax + ((pixel as usize) << 2));
  const otherSum = load<f64>(otherSums + ((pixel as usize) << 3));
  const x = load<f32>(first + ((((class_ as u32) * pixels) as usize) << 2)) as f64;
  const m = load<f32>(first + ((((largest as u32) * pixels) as usize) << 2)) as f64;
  const p = NativeMath.exp(x - m) / (1 + otherSum);
  const complement = largest == class_ ? otherSum / (1 + otherSum) : 1 - p;
  const foreground = pixelAndLabel & 1;
  // the smaller of error and complement is the more exact
  if (low) return foreground ? complement : p;
  return foreground ? -p : -complement;
}
