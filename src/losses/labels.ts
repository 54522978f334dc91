// The second argument of a loss: which class each pixel is, checked and turned into what the kernels read.
import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewI32, viewU8 } from "../wasm/memory.js";
import { type LabelKind, labelHint } from "./labelHint.js";

/** The class of each pixel, in the order of the pixels. Any typed array of whole numbers serves, not only those named. */
export type Labels = Uint8Array | Int32Array | ArrayLike<number> | Tensor;

/** What a call takes for labels, and how many. */
export interface LabelMap extends LabelKind {
  count: number;
}

/**
 * `count` labels as i32 in the memory of a tensor: 0..classes-1, or -1 where a label equals `ignore`. To be called within
 * `tidy`.
 */
export function classMap(call: string, labels: Labels, map: LabelMap): Tensor {
  const { count, classes, ignore } = map;
  // before the labels are read: of a tensor they are a view, which dies when memory grows
  const classOf = Tensor.empty([count]);
  const values = readLabels(call, labels, count);
  const isVoid = checkIgnore(call, ignore);
  if (isBytes(values)) {
    const bytes = bytesOf(values, count);
    const bad = kernels.labels_u8(bytes.pointer, classOf.pointer, count, classes, isVoid) >>> 0;
    if (bad < count) throw wrongLabel(call, values, bad, viewU8(bytes.pointer, count)[bad], map);
    bytes.dispose();
  } else {
    viewI32(classOf.pointer, count).set(values);
    const bad = kernels.labels_i32(classOf.pointer, classOf.pointer, count, classes, isVoid) >>> 0;
    if (bad < count) throw wrongLabel(call, values, bad, viewI32(classOf.pointer, count)[bad], map);
  }
  return classOf;
}

/** Labels of at most 128 classes as i8, a byte a pixel, like those of `classMap`. To be called within `tidy`. */
export function byteMap(call: string, labels: Labels, map: LabelMap): Tensor {
  const { count, classes, ignore } = map;
  if (!isBytes(labels)) {
    const classOf = classMap(call, labels, map);
    kernels.narrow_i32(classOf.pointer, classOf.pointer, count);
    return classOf;
  }
  const values = readLabels(call, labels, count);
  const isVoid = checkIgnore(call, ignore);
  const bytes = bytesOf(values, count);
  const bad = kernels.labels_u8_i8(bytes.pointer, bytes.pointer, count, classes, isVoid) >>> 0;
  if (bad < count) throw wrongLabel(call, values, bad, viewU8(bytes.pointer, count)[bad], map);
  return bytes;
}

const isBytes = (values: unknown) => values instanceof Uint8Array || values instanceof Uint8ClampedArray;

function bytesOf(values: ArrayLike<number>, count: number): Tensor {
  const bytes = Tensor.empty([Math.ceil(count / 4)]);
  viewU8(bytes.pointer, count).set(values);
  return bytes;
}

/** `ignore`, checked, as the kernels compare it: NaN, which equals no label, for none. */
export function checkIgnore(call: string, ignore: number | null | undefined): number {
  if (ignore === null || ignore === undefined) return Number.NaN;
  if (Number.isInteger(ignore)) return ignore;
  throw new LovaszError("option", `${call}: ignore is ${describe(ignore)}, expected a whole number or null`);
}

// `label`: what was copied, for `values` may be shared, and change
function wrongLabel(call: string, values: ArrayLike<number>, at: number, label: number, map: LabelMap): LovaszError {
  return new LovaszError("label", `${call}: labels[${at}] is ${label}, ${expected(map)}${labelHint(label, [values], map)}`);
}

function expected({ classes, binary }: LabelMap): string {
  if (classes === 2 && binary === undefined) return "expected 0 or 1";
  if (classes === 1) return "but the input has one class (0)";
  return `but the input has ${classes} classes${classes > 0 ? ` (0..${classes - 1})` : ""}`;
}

/** How many labels there are; 0 for what is no list, which `classMap` will refuse. */
export function labelCount(labels: Labels): number {
  if (labels instanceof Tensor) return labels.size;
  return isList(labels) ? labels.length : 0;
}

/** Whether `value` is a number that i32 can hold. */
export function isWhole(value: unknown): value is number {
  return typeof value === "number" && (value | 0) === value;
}

/** `labels` as numbers of a typed array, `count` of them, whole ones where the type did not see to it. */
export function readLabels(call: string, labels: Labels, count: number): ArrayLike<number> {
  const values = labels instanceof Tensor ? labels.data : labels;
  if (!isList(values)) {
    throw new LovaszError("label", `${call}: labels is ${describe(values)}, expected a Uint8Array, Int32Array, array of numbers or Tensor`);
  }
  if (values.length !== count) {
    throw new LovaszError("shape", `${call}: labels has ${values.length} entries, expected ${count}, one for each pixel`);
  }
  if (values instanceof Uint8Array || values instanceof Int32Array || values instanceof Uint8ClampedArray) return values;
  for (let i = 0; i < count; i++) {
    if (isWhole(values[i])) continue;
    throw new LovaszError("label", `${call}: labels[${i}] is ${describe(values[i])}, expected the whole number of a class`);
  }
  return values;
}
