// The second argument of a loss: which class each pixel is, checked and turned into what the kernels read.
import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewI32, viewU8 } from "../wasm/memory.js";

/** The class of each pixel, in the order of the pixels. Any typed array of whole numbers serves, not only those named. */
export type Labels = Uint8Array | Int32Array | ArrayLike<number> | Tensor;

/**
 * `count` labels as i32 in the memory of a tensor: 0..classes-1, or -1 where a label equals `ignore`. To be called within
 * `tidy`.
 */
export function classMap(
  call: string,
  labels: Labels,
  { count, classes, ignore }: { count: number; classes: number; ignore: number | null | undefined },
): Tensor {
  const values = readLabels(call, labels, count);
  const isVoid = checkIgnore(call, ignore);
  const classOf = Tensor.empty([count]);
  let bad: number;
  if (isBytes(values)) {
    const bytes = Tensor.empty([Math.ceil(count / 4)]);
    viewU8(bytes.pointer, count).set(values);
    bad = kernels.labels_u8(bytes.pointer, classOf.pointer, count, classes, isVoid) >>> 0;
    bytes.dispose();
  } else {
    viewI32(classOf.pointer, count).set(values);
    bad = kernels.labels_i32(classOf.pointer, classOf.pointer, count, classes, isVoid) >>> 0;
  }
  if (bad < count) throw wrongLabel(call, bad, values[bad], classes);
  return classOf;
}

/** Labels of two classes as i8, a byte a pixel: 0, 1, or -1 where one equals `ignore`. To be called within `tidy`. */
export function byteMap(call: string, labels: Labels, count: number, ignore: number | null | undefined): Tensor {
  const values = readLabels(call, labels, count);
  if (!isBytes(values)) {
    const classOf = classMap(call, labels, { count, classes: 2, ignore });
    kernels.narrow_i32(classOf.pointer, classOf.pointer, count);
    return classOf;
  }
  const isVoid = checkIgnore(call, ignore);
  const bytes = Tensor.empty([Math.ceil(count / 4)]);
  viewU8(bytes.pointer, count).set(values);
  const bad = kernels.labels_u8_i8(bytes.pointer, bytes.pointer, count, 2, isVoid) >>> 0;
  if (bad < count) throw wrongLabel(call, bad, values[bad], 2);
  return bytes;
}

const isBytes = (values: unknown) => values instanceof Uint8Array || values instanceof Uint8ClampedArray;

/** `ignore`, checked, as the kernels compare it: NaN, which equals no label, for none. */
export function checkIgnore(call: string, ignore: number | null | undefined): number {
  if (ignore === null || ignore === undefined) return Number.NaN;
  if (Number.isInteger(ignore)) return ignore;
  throw new LovaszError("option", `${call}: ignore is ${describe(ignore)}, expected a whole number or null`);
}

function wrongLabel(call: string, at: number, label: number, classes: number): LovaszError {
  const binary = classes === 2 ? "expected 0 or 1" : `but the input has ${classes} classes (0..${classes - 1})`;
  return new LovaszError("label", `${call}: labels[${at}] is ${label}, ${binary}; pass { ignore: ${label} } if it marks void pixels`);
}

/** How many labels there are; 0 for what is no list, which `classMap` will refuse. */
export function labelCount(labels: Labels): number {
  if (labels instanceof Tensor) return labels.size;
  return isList(labels) ? labels.length : 0;
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
    if (typeof values[i] === "number" && (values[i] | 0) === values[i]) continue;
    throw new LovaszError("label", `${call}: labels[${i}] is ${describe(values[i])}, expected the whole number of a class`);
  }
  return values;
}
