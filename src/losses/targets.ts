// Labels of the pixelwise and regional losses: one plane a class, from class numbers, one-hot or soft labels.
import { LovaszError } from "../errors.js";
import { choice, describe } from "../options.js";
import { show, sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { type Labels, classMap, labelCount } from "./labels.js";

/**
 * How the channels of an input [B, C, ...] relate: `"binary"`, one logit a pixel; `"multiclass"`, one of C classes a pixel;
 * `"multilabel"`, C independent yes or no.
 */
export type Mode = "binary" | "multiclass" | "multilabel";

export interface Targets {
  /** [B, C, N] in 0..1; -1 in void pixels. One class (C = 1) in binary mode. */
  readonly targets: Tensor;
  readonly images: number;
  readonly classes: number;
  /** Pixels (or, in multilabel mode, entries) that are not void. */
  readonly kept: number;
}

/** `mode`, checked. */
export function checkMode(call: string, mode: unknown, fallback: Mode): Mode {
  return choice(call, "mode", mode, ["binary", "multiclass", "multilabel"], fallback);
}

/** [images, classes, pixels] of an input: [B, ...] in binary mode, [B, C, ...] (or [P, C]) otherwise. */
export function extents(call: string, input: Tensor, mode: Mode): { images: number; classes: number; pixels: number } {
  const { shape } = input;
  if (mode === "binary") {
    const images = shape.length < 2 ? 1 : shape[0];
    return { images, classes: 1, pixels: images === 0 ? 0 : input.size / images };
  }
  if (shape.length < 2) {
    throw new LovaszError("shape", `${call}: the input has shape ${show(shape)}, expected [B, C, ...] in mode "${mode}"`);
  }
  return { images: shape[0], classes: shape[1], pixels: sizeOf(shape.slice(2)) };
}

/** To be called within `tidy`. Reads labels: class numbers [B, ...] in multiclass mode, else 0 or 1 for each logit; or one-hot or soft, like the input. */
export function readTargets(call: string, labels: Labels, input: Tensor, mode: Mode, ignore: number | null | undefined): Targets {
  const { images, classes, pixels } = extents(call, input, mode);
  const targets = Tensor.empty([images, classes, pixels]);
  if (isSoft(labels, input.size, mode, classes)) {
    readSoft(call, labels, targets, ignore);
    return { targets, images, classes, kept: mode === "multiclass" ? voidTogether(targets) : kernels.countKept_f32(targets.pointer, input.size) >>> 0 };
  }
  const byClass = mode === "multiclass";
  const count = byClass ? images * pixels : input.size;
  const { pointer } = classMap(call, labels, { count, classes: byClass ? classes : 2, ignore });
  const kept = byClass
    ? kernels.oneHot_f32(pointer, targets.pointer, images, classes, pixels)
    : kernels.oneHot_f32(pointer, targets.pointer, 1, 1, count);
  return { targets, images, classes, kept: kept >>> 0 };
}

// floats, or (where class numbers would be fewer) a number for each logit
function isSoft(labels: Labels, size: number, mode: Mode, classes: number): boolean {
  const length = labelCount(labels);
  if (mode === "multiclass") return length === size && classes > 1;
  return length === size && (labels instanceof Tensor || labels instanceof Float32Array || labels instanceof Float64Array);
}

function readSoft(call: string, labels: Labels, targets: Tensor, ignore: number | null | undefined): void {
  const values = labels instanceof Tensor ? labels.data : labels;
  const { data } = targets;
  for (let i = 0; i < data.length; i++) {
    const value = values[i];
    const isVoid = value === ignore;
    if (!isVoid && !(value >= 0 && value <= 1)) {
      throw new LovaszError("label", `${call}: labels[${i}] is ${describe(value)}, expected a share from 0 to 1, as one-hot and soft labels have`);
    }
    data[i] = isVoid ? -1 : value;
  }
}

// a pixel that is void in one class is so in every one; returns how many are not
function voidTogether(targets: Tensor): number {
  const [images, classes, pixels] = targets.shape;
  const { data } = targets;
  let kept = 0;
  for (let image = 0; image < images; image++) {
    for (let i = 0; i < pixels; i++) {
      const first = image * classes * pixels + i;
      let isVoid = false;
      for (let c = 0; c < classes; c++) isVoid ||= data[first + c * pixels] < 0;
      if (!isVoid) kept += 1;
      else for (let c = 0; c < classes; c++) data[first + c * pixels] = -1;
    }
  }
  return kept;
}
