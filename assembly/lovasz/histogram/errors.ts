// The errors that are counted, in float32, and the range of the bins.

import { maxI32, readLanes, sumI32, writeLanes } from "../../inline/lanes";
import { sigmoid4 } from "../../inline/math";
import { HINGE, RAW, SIGMOID, UNIT } from "../errors/key";

/** Errors of binary tasks, f32 `errors` [n], of `kind` (errors/key.ts); -1 where the label (i32: 1, 0 or -1) says ignored. */
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

/** The least power of two above all errors, and at least 2^-64. */
export function errorRange(errors: usize, n: u32): f64 {
  const bytes = (n as usize) << 2;
  // floats of at least 0 are ordered as their bits are, and those of -1 below them
  let largest = i32x4.splat(0);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) largest = i32x4.max_s(largest, v128.load(errors + i));
  for (; i < bytes; i += 4) largest = i32x4.max_s(largest, v128.load32_splat(errors + i));
  return rangeAbove(maxI32(largest));
}

/** The least power of two above the float32 of these bits, and at least 2^-64. */
export function rangeAbove(bits: u32): f64 {
  const exponent = max<i64>(((bits >> 23) as i64) - 126, -64);
  return reinterpret<f64>((exponent + 1023) << 52);
}

/** The mass of the pixels labelled `c`: their number, or the sum of their `weights`. */
export function positiveMass(labels: usize, weights: usize, c: i32, n: u32): f64 {
  let sum: f64 = 0;
  let i: usize = 0;
  const end = (n as usize) << 2;
  if (!weights) {
    let count = i32x4.splat(0);
    for (; i + 16 <= end; i += 16) count = i32x4.sub(count, i32x4.eq(v128.load(labels + i), i32x4.splat(c)));
    sum += sumI32(count) as u32 as f64;
  }
  for (; i < end; i += 4) {
    if (load<i32>(labels + i) == c) sum += weights ? (load<f32>(weights + i) as f64) : 1;
  }
  return sum;
}

/** Multiplies the gradient by sigmoid errors e [n] with the derivative of the sigmoid, e (1 - e): the gradient by logits. */
export function sigmoidBackward_f32(errors: usize, gradient: usize, n: u32): void {
  for (const end = gradient + ((n as usize) << 2); gradient < end; gradient += 4, errors += 4) {
    const e = max<f32>(load<f32>(errors), 0);
    store<f32>(gradient, load<f32>(gradient) * (e * (1 - e)));
  }
}
