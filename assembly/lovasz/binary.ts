// The losses of binary tasks, one image a call: each writes the keys of its errors, which `extension` sorts.
//
// `labels`: i32, 1, 0 or -1 (void: no error, slope 0). `weights`: the mass of each pixel, f32, or 0 where each is 1. `alpha`,
// `beta`: the set function, see weights.ts. `gradient` gets `scale` times the gradient. `records`, `scratch`: room for n + 2 u64;
// `counters`: room for COUNTER_BYTES.

import { highHalf, lowHalf, readLanes, writeLanes } from "../inline/lanes";
import { HINGE, hingeKeys2, keyOf, NONE, RAW, SIGMOID, UNIT } from "./errors/key";
import { extension } from "./extension";
import { setHingeSource } from "./sort/resolveTies";

/**
 * The loss of one image at errors of `kind`, see errors.ts: the Lovász hinge of logits (Yu, Blaschko, "The Lovász hinge"), whose
 * margins of at least 1 are counted, not sorted; |label - sigmoid(logit)|; |label - probability|; or errors as they are given.
 */
export function lovaszBinary_f32(
  kind: i32,
  values: usize,
  labels: usize,
  weights: usize,
  n: u32,
  alpha: f64,
  beta: f64,
  scale: f64,
  gradient: usize,
  records: usize,
  scratch: usize,
  counters: usize,
): f64 {
  // a copy of the sort for each kind, which is constant in its loops
  if (kind == HINGE) {
    hingeKeys_f32(values, labels, n, scratch);
    setHingeSource(values);
    return extension(HINGE, scratch, labels, 1, 1, n, 0, alpha, beta, weights, scale, gradient, records, scratch, counters);
  }
  if (kind == SIGMOID) {
    keysOf(SIGMOID, values, labels, n, scratch);
    return extension(SIGMOID, scratch, labels, 1, 1, n, 0, alpha, beta, weights, scale, gradient, records, scratch, counters);
  }
  if (kind == UNIT) {
    keysOf(UNIT, values, labels, n, scratch);
    return extension(UNIT, scratch, labels, 1, 1, n, 0, alpha, beta, weights, scale, gradient, records, scratch, counters);
  }
  keysOf(RAW, values, labels, n, scratch);
  return extension(RAW, scratch, labels, 1, 1, n, 0, alpha, beta, weights, scale, gradient, records, scratch, counters);
}

// @ts-ignore: decorator
@inline
function keysOf(kind: i32, values: usize, labels: usize, n: u32, keys: usize): void {
  for (const end = values + ((n as usize) << 2); values < end; values += 4, labels += 4, keys += 4) {
    const label = load<i32>(labels);
    store<u32>(keys, label < 0 ? NONE : keyOf(kind, load<f32>(values), label));
  }
}

function hingeKeys_f32(logits: usize, labels: usize, n: u32, keys: usize): void {
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) hingeKeys(logits + i, labels + i, keys + i, false);
  for (; i < bytes; i += 4) hingeKeys(logits + i, labels + i, keys + i, true);
}

// @ts-ignore: decorator
@inline
function hingeKeys(logits: usize, labels: usize, keys: usize, single: bool): void {
  const label = readLanes(labels, single);
  const negative = i32x4.eq(label, i32x4.splat(0));
  const margin = v128.xor(readLanes(logits, single), v128.and(negative, i32x4.splat(0x80000000)));
  const one = f64x2.splat(1);
  const a = hingeKeys2(f64x2.sub(one, lowHalf(margin)));
  const b = hingeKeys2(f64x2.sub(one, highHalf(margin)));
  const sorted = v128.and(i32x4.ge_s(label, i32x4.splat(0)), f32x4.lt(margin, f32x4.splat(1)));
  writeLanes(keys, v128.or(i32x4.shuffle(a, b, 0, 2, 4, 6), v128.not(sorted)), single);
}
