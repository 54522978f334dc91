// The keys of the errors of a binary task.

import { highHalf, lowHalf, readLanes, writeLanes } from "../../inline/lanes";
import { Task } from "../task";
import { HINGE, hingeKeysX2, keyOf, NONE } from "./key";

/** Writes the keys of the task's values, errors of `kind`, to its scratch. */
// @ts-ignore: decorator
@inline
export function writeKeys(kind: i32, task: Task): void {
  if (kind == HINGE) hingeKeys(task);
  else keysOf(kind, task);
}

// @ts-ignore: decorator
@inline
function keysOf(kind: i32, task: Task): void {
  let labels = task.labels;
  let keys = task.scratch;
  let values = task.values;
  for (const end = values + ((task.pixels as usize) << 2); values < end; values += 4, labels += 4, keys += 4) {
    const label = load<i32>(labels);
    store<u32>(keys, label < 0 ? NONE : keyOf(kind, load<f32>(values), label));
  }
}

function hingeKeys(task: Task): void {
  const bytes = (task.pixels as usize) << 2;
  const logits = task.values;
  const labels = task.labels;
  const keys = task.scratch;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) hingeKeysX4(logits + i, labels + i, keys + i, false);
  for (; i < bytes; i += 4) hingeKeysX4(logits + i, labels + i, keys + i, true);
}

// @ts-ignore: decorator
@inline
function hingeKeysX4(logits: usize, labels: usize, keys: usize, single: bool): void {
  const label = readLanes(labels, single);
  const negative = i32x4.eq(label, i32x4.splat(0));
  const margin = v128.xor(readLanes(logits, single), v128.and(negative, i32x4.splat(0x80000000)));
  const one = f64x2.splat(1);
  const a = hingeKeysX2(f64x2.sub(one, lowHalf(margin)));
  const b = hingeKeysX2(f64x2.sub(one, highHalf(margin)));
  const sorted = v128.and(i32x4.ge_s(label, i32x4.splat(0)), f32x4.lt(margin, f32x4.splat(1)));
  writeLanes(keys, v128.or(i32x4.shuffle(a, b, 0, 2, 4, 6), v128.not(sorted)), single);
}
