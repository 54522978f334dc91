// A call as the ways to spread it see it: arguments checked as far as they can be without computing.
import { classMap, isWhole, type Labels } from "../../losses/labels.js";
import type { ValueAndGradOptions } from "../../losses/valueAndGrad.js";
import type { PixelWeights } from "../../losses/weights.js";
import { isPlain } from "../../options.js";
import { tidy } from "../../tensor/scope.js";
import { noGrad } from "../../tensor/tape.js";
import { Tensor, tensor } from "../../tensor/tensor.js";
import { kernels } from "../../wasm/instance.js";
import { viewI32 } from "../../wasm/memory.js";
import type { Loss } from "../device.js";
import { type LossName, nameOf } from "./losses.js";

export type LabelArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint8ClampedArray;

/** Options of any of the losses; what they do not know, they refuse. */
export interface AnyOptions {
  perImage?: boolean;
  ignore?: number | null;
  classes?: "present" | "all" | readonly number[];
  classWeights?: ArrayLike<number> | null;
  fromLogits?: boolean;
  layout?: string;
  method?: "sort" | "histogram";
  bins?: number;
  mode?: string;
  gamma?: number;
  setFunction?: unknown;
}

export interface Reading {
  name: LossName;
  input: Float32Array;
  shape: readonly number[];
  images: number;
  /** Whether images are losses of their own. */
  perImage: boolean;
  /** As they came, in an array that can be sent; of lovaszSoftmax, they are classes or `options.ignore`. */
  labels: LabelArray;
  /** Of lovaszSoftmax, how many labels each class has. */
  counts: Int32Array | null;
  weights: Float32Array | null;
  /** All but `shape`, `out` and `pixelWeights`. */
  options: AnyOptions;
  out: Float32Array | undefined;
}

const LOVASZ: readonly LossName[] = ["lovaszHinge", "lovaszSigmoid", "lovaszSoftmax", "lovaszExtension"];

/** The call, or null where anything about it is odd: then the loss itself is to see it, and perhaps refuse it. */
export function read(loss: Loss, input: Float32Array, labels: Labels, all: ValueAndGradOptions): Reading | null {
  if (!isPlain(all) || !(input instanceof Float32Array)) return null;
  const {
    shape = [input.length],
    out,
    pixelWeights,
    ...options
  } = all as ValueAndGradOptions & AnyOptions & { pixelWeights?: PixelWeights };
  const name = nameOf(loss);
  if (!name || !Array.isArray(shape) || shape.reduce((a, b) => a * b, 1) !== input.length) return null;
  if (out !== undefined && !(out instanceof Float32Array && out.length === input.length)) return null;
  if (!takes(loss, shape, options)) return null;
  const { images, perImage } = imagesOf(name, shape, options);
  const classes = name === "lovaszSoftmax" ? classesOf(shape, options.layout) : 2;
  const pixels = name === "lovaszSoftmax" ? input.length / classes : input.length;
  const found = labelArray(labels);
  const weights = pixelWeights === undefined || pixelWeights === null ? null : weightArray(pixelWeights, pixels);
  if (!found || weights === false || images === 0) return null;
  const counts = name === "lovaszSoftmax" ? countsOf(name, found, { count: pixels, classes, ignore: options.ignore }) : null;
  if (name === "lovaszSoftmax" ? !counts : LOVASZ.includes(name) && found.length !== pixels) return null;
  return { name, input, shape, images, perImage, labels: found, counts, weights, options, out };
}

/** How many images an input of that shape holds, and whether they are losses of their own. */
export function imagesOf(name: LossName, shape: readonly number[], options: AnyOptions): Pick<Reading, "images" | "perImage"> {
  const hasClasses = name === "lovaszSoftmax" || name === "crossEntropy" || options.mode === "multiclass" || options.mode === "multilabel";
  const images = shape.length < (hasClasses ? 3 : 2) ? 1 : shape[0];
  return { images, perImage: (options.perImage ?? name === "lovaszHinge") && images > 1 };
}

/** How many classes a multiclass input has. */
export function classesOf(shape: readonly number[], layout: string | undefined): number {
  return shape.length === 2 || layout === "NHWC" ? (shape.at(-1) ?? 0) : shape[1];
}

// whether the loss knows these options: it is asked with no images
function takes(loss: Loss, shape: readonly number[], options: object): boolean {
  try {
    noGrad(() => tidy(() => loss(tensor(new Float32Array(0), [0, ...shape.slice(1)]), [], options).size));
    return true;
  } catch {
    return false;
  }
}

// how many labels each class has; null where a label is that of none
function countsOf(name: LossName, labels: LabelArray, size: Parameters<typeof classMap>[2]): Int32Array | null {
  try {
    return tidy(() => {
      const classOf = classMap(name, labels, size);
      const counts = Tensor.empty([size.classes]).pointer;
      kernels.classCounts(classOf.pointer, size.count, counts, size.classes);
      return viewI32(counts, size.classes).slice();
    });
  } catch {
    return null;
  }
}

function labelArray(labels: Labels): LabelArray | null {
  if (labels instanceof Tensor) return labels.data;
  if (Array.isArray(labels)) {
    // not every(), which leaves out holes
    for (let i = 0; i < labels.length; i++) if (!isWhole(labels[i])) return null;
    return Int32Array.from(labels);
  }
  const kinds = [Float32Array, Float64Array, Int32Array, Uint8Array, Uint8ClampedArray];
  return kinds.some((Kind) => labels instanceof Kind) ? (labels as LabelArray) : null;
}

// false for what are no weights
function weightArray(weights: PixelWeights, count: number): Float32Array | false {
  const values = weights instanceof Tensor ? weights.data : weights;
  if (!(Array.isArray(values) || ArrayBuffer.isView(values)) || values.length !== count) return false;
  const array = Float32Array.from(values);
  return array.every((mass) => mass >= 0 && mass < Number.POSITIVE_INFINITY) && array;
}
