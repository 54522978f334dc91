// Reads the labels of all losses with a channel for each class: class numbers, one-hot or soft labels.
import { LovaszError } from "../errors.js";
import { reshape } from "../ops/reshape.js";
import { transpose } from "../ops/transpose.js";
import { noGrad } from "../tensor/tape.js";
import { Tensor, tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewI32 } from "../wasm/memory.js";
import { parallel } from "../wasm/parallel.js";
import type { Channels, Mode } from "./channels.js";
import { type LabelKind, labelHint } from "./labelHint.js";
import { checkIgnore, classMap, type LabelArray, type Labels, readLabels } from "./labels.js";

/**
 * The class of each pixel, i32 [images, pixels], -1 for ignored pixels. Labels are class numbers, or one-hot in the layout of the
 * input, where a row of zeros marks an ignored pixel. `binary` names the function to use for labels of 0 and 1. Call it within `tidy`.
 */
export function readClasses(call: string, labels: Labels, at: Channels, ignore: number | null | undefined, binary: string): Tensor {
  const { images, classes, pixels } = at;
  const count = images * pixels;
  const read = readLabels(call, labels);
  if (classes === 1 || read.length !== at.x.size) return classMap(call, read, { count, classes, ignore, binary });
  const ignored = checkIgnore(call, ignore);
  const values = tensor(read, [at.x.size]);
  const classOf = Tensor.empty([count]);
  const bad = kernels.oneHotClass_f32(values.pointer, classOf.pointer, images, classes, pixels, at.last) >>> 0;
  if (bad === count) {
    const numbers = viewI32(classOf.pointer, count);
    if (ignored >= 0 && ignored < classes) for (let i = 0; i < count; i++) if (numbers[i] === ignored) numbers[i] = -1;
    return classOf;
  }
  const message = `the one-hot labels of pixel ${bad} are neither a single 1 among zeros nor all 0 (ignored)`;
  throw new LovaszError("label", `${call}: ${message}; soft labels are for crossEntropy, dice, jaccard and tversky`);
}

/** How to read the labels of a loss with a channel for each class. */
export interface TargetKind {
  mode: Mode;
  ignore: number | null | undefined;
  /** The function to use for class numbers, or in multiclass mode for labels of 0 and 1. Default: this one in the other mode. */
  other?: string;
}

/**
 * The target of each class, f32 [images, classes, pixels] from 0 to 1, or -1 for ignored pixels. Labels are class numbers (in
 * multiclass mode), 0 or 1 for each logit (in the other modes), or one-hot or soft in the layout of the input. Call it within `tidy`.
 */
export function readTargets(call: string, labels: Labels, at: Channels, kind: TargetKind): Tensor {
  const { x, images, classes, pixels, last } = at;
  const { mode } = kind;
  const map = labelKind(kind, classes);
  const read = readLabels(call, labels);
  if (isSoft(read, x.size, mode, classes)) {
    refuseClass(call, kind.ignore, mode, classes);
    const targets = arranged(softTargets(call, read, map), at);
    if (mode === "multiclass") kernels.ignoreTogether_f32(targets.pointer, images, classes, pixels);
    return targets;
  }
  const targets = Tensor.empty(x.shape);
  if (mode === "multiclass") {
    const classOf = classMap(call, read, { count: images * pixels, ...map });
    const { pointer } = classOf;
    // the kernel reads the labels of a single class as yes or no, but here all pixels that are not ignored have that class
    const numbers = viewI32(pointer, classOf.size);
    if (classes === 1) for (let i = 0; i < numbers.length; i++) if (numbers[i] === 0) numbers[i] = 1;
    for (let i = 0; i < images; i++) oneHot(pointer + 4 * i * pixels, targets.pointer + 4 * i * classes * pixels, classes, pixels);
    return targets;
  }
  const { pointer } = classMap(call, read, { count: x.size, ...map });
  oneHot(pointer, targets.pointer, 1, x.size);
  return last ? arranged(targets, at) : targets;
}

// the targets of one image
function oneHot(labels: number, targets: number, classes: number, pixels: number): void {
  parallel("oneHot_f32", { count: pixels, cost: 1 + classes, step: 16 }, (from, count) => {
    return [labels + 4 * from, targets + 4 * from, classes, count, 4 * pixels];
  });
}

function labelKind({ mode, ignore, other }: TargetKind, classes: number): LabelKind {
  if (mode === "multiclass") return { classes, ignore, binary: other ?? '{ mode: "binary" }' };
  return { classes: 2, ignore, multiclass: other ?? '{ mode: "multiclass" }' };
}

// soft labels are floats, or in multiclass mode as many as the logits
function isSoft(labels: LabelArray, size: number, mode: Mode, classes: number): boolean {
  if (labels.length !== size) return false;
  if (mode === "multiclass") return classes > 1;
  return labels instanceof Float32Array || labels instanceof Float64Array;
}

// fractions are not class numbers, so a class number cannot mark ignored pixels
function refuseClass(call: string, ignore: number | null | undefined, mode: Mode, classes: number): void {
  const ignored = checkIgnore(call, ignore);
  if (mode !== "multiclass" || !(ignored >= 0 && ignored < classes)) return;
  const cure = "fill the rows of ignored pixels with a number that is not a class, such as 255, and pass that";
  throw new LovaszError("option", `${call}: ignore is ${ignored}, a class, but labels are one-hot or soft; ${cure}`);
}

function softTargets(call: string, labels: LabelArray, kind: LabelKind): Tensor {
  const targets = Tensor.empty([labels.length]);
  const { data } = targets;
  for (let i = 0; i < data.length; i++) {
    const value = labels[i];
    if (value === kind.ignore) data[i] = -1;
    else if (value >= 0 && value <= 1) data[i] = value;
    else {
      const expected = "expected a fraction from 0 to 1, as in one-hot and soft labels";
      const hint = labelHint(value, [labels], { ...kind, soft: true });
      throw new LovaszError("label", `${call}: labels[${i}] is ${value}, ${expected}${hint}`);
    }
  }
  return targets;
}

/** What has one number for each of the input, reordered from the layout of the input to [images, classes, pixels]. */
export function arranged(flat: Tensor, { images, classes, pixels, last }: Channels): Tensor {
  const shape = last ? [images, pixels, classes] : [images, classes, pixels];
  return noGrad(() => {
    const shaped = reshape(flat, shape);
    return last ? transpose(shaped, [0, 2, 1]) : shaped;
  });
}
