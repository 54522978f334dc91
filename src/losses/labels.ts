// The second argument of a loss, the class of each pixel: checks it and converts it for the kernels.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { MAX_RANK } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { isDetached, kindOf, ordinary, type TypedArray } from "../typedArray.js";
import { kernels } from "../wasm/instance.js";
import { settled, viewI32, viewU8 } from "../wasm/memory.js";
import { firstFound } from "./firstFound.js";
import { type LabelKind, labelHint } from "./labelHint.js";

/** Labels as a list: a typed array of any kind, or an array of numbers or booleans. */
export type LabelList = ArrayLike<number> | ArrayLike<boolean> | BigInt64Array | BigUint64Array;

/** The class of each pixel, in the order of the pixels: an array of any kind, flat or nested like the shape, or a Tensor. */
export type Labels = Uint8Array | Int32Array | LabelList | NestedLabels | Tensor;

/** Labels in arrays of arrays; all arrays of a level have the same length. */
export type NestedLabels = readonly (LabelList | NestedLabels)[];

/** The kinds of arrays that `readLabels` returns. */
export type LabelArray = Uint8Array | Uint8ClampedArray | Int32Array | Float32Array | Float64Array;

/** The labels that a call accepts, and how many it needs. */
export interface LabelMap extends LabelKind {
  count: number;
}

/**
 * `count` labels as i32 in the memory of a tensor: 0..classes-1, or -1 where a label equals `ignore`. Call it within `tidy`.
 */
export function classMap(call: string, labels: Labels, map: LabelMap): Tensor {
  const { count, classes, ignore } = map;
  const values = counted(call, labels, count);
  const ignored = checkIgnore(call, ignore);
  const classOf = Tensor.empty([count]);
  if (isBytes(values)) {
    const bytes = bytesOf(values, count);
    const bad = firstFound("labels_u8", { count, step: 16 }, (from, n) => {
      return [bytes.pointer + from, classOf.pointer + 4 * from, n, classes, ignored];
    });
    if (bad < count) throw wrongLabel(call, values, bad, viewU8(bytes.pointer, count)[bad], map);
    bytes.dispose();
  } else if (values instanceof Int32Array) {
    const words = Tensor.empty([count]);
    viewI32(words.pointer, count).set(values);
    const bad = firstFound("labels_i32", { count, step: 16 }, (from, n) => {
      return [words.pointer + 4 * from, classOf.pointer + 4 * from, n, classes, ignored];
    });
    if (bad < count) throw wrongLabel(call, values, bad, viewI32(words.pointer, count)[bad], map);
    words.dispose();
  } else {
    writeClasses(call, values, viewI32(classOf.pointer, count), map);
  }
  return classOf;
}

function writeClasses(call: string, values: Float32Array | Float64Array, out: Int32Array, map: LabelMap): void {
  for (let i = 0; i < out.length; i++) {
    const label = values[i];
    if (label === map.ignore) out[i] = -1;
    else if (label >= 0 && label < map.classes && Number.isInteger(label)) out[i] = label;
    else if (Number.isInteger(label)) throw wrongLabel(call, values, i, label, map);
    else throw noClass(`${call}: labels`, i, label);
  }
}

/** The labels of `classMap` as i8, one byte per pixel, for at most 128 classes. Call it within `tidy`. */
export function byteMap(call: string, labels: Labels, map: LabelMap): Tensor {
  const { count, classes, ignore } = map;
  const values = counted(call, labels, count);
  if (!isBytes(values)) {
    const classOf = classMap(call, values, map);
    // not cut, as it writes over what it reads
    kernels.narrow_i32(classOf.pointer, classOf.pointer, count);
    return classOf;
  }
  const ignored = checkIgnore(call, ignore);
  const bytes = bytesOf(values, count);
  // where no label becomes another, they may stay where they are
  const isKept = !(ignored >= 0 && ignored <= 255);
  const out = isKept ? bytes : Tensor.empty(bytes.shape);
  const bad = firstFound("labels_u8_i8", { count, cost: 0.25, step: 16 }, (from, n) => {
    return [bytes.pointer + from, out.pointer + from, n, classes, ignored];
  });
  if (bad < count) throw wrongLabel(call, values, bad, viewU8(bytes.pointer, count)[bad], map);
  if (!isKept) bytes.dispose();
  return out;
}

const isBytes = (values: LabelArray) => values instanceof Uint8Array || values instanceof Uint8ClampedArray;

function bytesOf(values: LabelArray, count: number): Tensor {
  const bytes = Tensor.empty([Math.ceil(count / 4)]);
  viewU8(bytes.pointer, count).set(values);
  return bytes;
}

/** Returns `ignore` after checking it, as the kernels need it: NaN, which equals no label, stands for none. */
export function checkIgnore(call: string, ignore: number | null | undefined): number {
  if (ignore === null || ignore === undefined) return Number.NaN;
  if (Number.isInteger(ignore)) return ignore;
  throw new LovaszError("option", `${call}: ignore is ${describe(ignore)}, expected a whole number or null`);
}

// `label` comes from the copy: `values` may be shared memory that another thread changes
function wrongLabel(call: string, values: ArrayLike<number>, at: number, label: number, map: LabelMap): LovaszError {
  return new LovaszError("label", `${call}: labels[${at}] is ${label}, ${expected(map)}${labelHint(label, [values], map)}`);
}

function expected({ classes, binary }: LabelMap): string {
  if (classes === 2 && binary === undefined) return "expected 0 or 1";
  if (classes === 1) return "but the input has one class (0)";
  return `but the input has ${classes} classes${classes > 0 ? ` (0..${classes - 1})` : ""}`;
}

// reads `labels` and checks that there are `count` of them
function counted(call: string, labels: Labels, count: number): LabelArray {
  const values = readLabels(call, labels);
  if (values.length === count) return values;
  throw new LovaszError("shape", `${call}: labels has ${values.length} entries, expected ${count}, one for each pixel`);
}

/**
 * `labels` as a typed array of numbers; a second call returns the same array. A list is read only once. Other threads may write to a
 * typed array, so whoever copies it must check the copy. Call this before allocating: labels may be a view of the core's memory, which
 * is detached when the memory grows. `name` is the name of the argument. Throws `LovaszError` "label", or "shape" where nested arrays
 * are ragged.
 */
export function readLabels(call: string, labels: Labels, name = "labels"): LabelArray {
  if (labels instanceof Tensor) return labels.copy();
  const kind = kindOf(labels);
  if (kind === undefined ? !Array.isArray(labels) : isDetached(labels as TypedArray)) {
    const expected = "expected a Uint8Array, Int32Array, array of numbers or Tensor";
    throw new LovaszError("label", `${call}: ${name} is ${describe(labels)}, ${expected}`);
  }
  if (kind !== undefined && AS_THEY_ARE.includes(kind)) return settled(ordinary(labels as LabelArray));
  const argument = `${call}: ${name}`;
  const isNested = (labels as NestedLabels).length > 0 && isRow((labels as NestedLabels)[0]);
  return numbersOf(argument, isNested ? flattened(argument, labels as NestedLabels) : plainRow(labels as LabelList));
}

const AS_THEY_ARE: readonly string[] = ["Uint8Array", "Uint8ClampedArray", "Int32Array", "Float32Array", "Float64Array"];

// converts a list of any other kind: to int32 if every number fits, or else to float64
function numbersOf(argument: string, list: ArrayLike<unknown>): LabelArray {
  const { length } = list;
  const whole = new Int32Array(length);
  let at = 0;
  let label = 0;
  for (; at < length; at++) {
    label = numberOf(argument, list[at], at);
    if ((label | 0) !== label) break;
    whole[at] = label;
  }
  if (at === length) return whole;
  const floats = Float64Array.from(whole);
  floats[at] = label;
  for (at++; at < length; at++) floats[at] = numberOf(argument, list[at], at);
  return floats;
}

function numberOf(argument: string, label: unknown, at: number): number {
  if (typeof label === "number") return label;
  if (typeof label === "boolean") return Number(label);
  throw noClass(argument, at, label);
}

function noClass(argument: string, at: number, label: unknown): LovaszError {
  return new LovaszError("label", `${argument}[${at}] is ${describe(label)}, expected the whole number of a class`);
}

// BigInts are class numbers only in arrays of their own; elsewhere they are a mistake
const plainRow = (row: LabelList | NestedLabels): ArrayLike<unknown> =>
  kindOf(row)?.startsWith("Big") ? Float64Array.from(row as ArrayLike<bigint>, Number) : row;

/** Whether `value` is an array of any kind. */
export const isRow = (value: unknown): value is LabelList | NestedLabels => Array.isArray(value) || kindOf(value) !== undefined;

function flattened(argument: string, labels: NestedLabels): unknown[] {
  const lengths: number[] = [];
  for (let level: unknown = labels; isRow(level); level = level[0]) {
    lengths.push(level.length);
    if (lengths.length > MAX_RANK) throw new LovaszError("shape", `${argument} is nested deeper than ${MAX_RANK} arrays`);
  }
  const flat: unknown[] = [];
  const visit = (entry: unknown, depth: number): void => {
    if (isRow(entry) ? entry.length !== lengths[depth] : depth < lengths.length) {
      const expected = depth < lengths.length ? `an array of ${lengths[depth]}` : "a number";
      throw new LovaszError("shape", `${argument} is ragged: ${describe(entry)} on axis ${depth}, expected ${expected}`);
    }
    if (!isRow(entry)) flat.push(entry);
    else for (const one of Array.from(plainRow(entry))) visit(one, depth + 1);
  };
  visit(labels, 0);
  return flat;
}
