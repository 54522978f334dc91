// A call as the ways to spread it see it: arguments checked as far as they can be without computing.
import { LovaszError } from "../../errors.js";
import { classMap, type LabelArray } from "../../losses/labels.js";
import { fitsOut, type ValueAndGradOptions } from "../../losses/valueAndGrad.js";
import { type PixelWeights, readWeights } from "../../losses/weights.js";
import { tidy } from "../../tensor/scope.js";
import { checkShape, sizeOf } from "../../tensor/shape.js";
import { noGrad } from "../../tensor/tape.js";
import { Tensor, tensor } from "../../tensor/tensor.js";
import { kernels } from "../../wasm/instance.js";
import { viewI32 } from "../../wasm/memory.js";
import type { Loss } from "../device.js";
import { type LossName, nameOf } from "./losses.js";

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
export function read(loss: Loss, input: Float32Array, labels: LabelArray, all: ValueAndGradOptions): Reading | null {
  try {
    return readAll(loss, input, labels, all);
  } catch (error) {
    if (error instanceof LovaszError) return null;
    throw error;
  }
}

function readAll(loss: Loss, input: Float32Array, labels: LabelArray, all: ValueAndGradOptions): Reading | null {
  const {
    shape: given = [input.length],
    out,
    pixelWeights,
    ...options
  } = all as ValueAndGradOptions & AnyOptions & { pixelWeights?: PixelWeights | null };
  const name = nameOf(loss);
  if (!name || !fitsOut(out, input)) return null;
  const shape = checkShape(name, given);
  if (sizeOf(shape) !== input.length) return null;
  // weights of no pixels, only for the loss to say whether it knows them
  askLoss(loss, shape, "pixelWeights" in all ? { ...options, pixelWeights: [] } : options);
  const weights = readWeights(name, pixelWeights);
  const { images, perImage } = imagesOf(name, shape, options);
  const classes = name === "lovaszSoftmax" ? classesOf(shape, options.layout) : 2;
  const pixels = name === "lovaszSoftmax" ? input.length / classes : input.length;
  if (images === 0 || (weights && weights.length !== pixels)) return null;
  if (LOVASZ.includes(name) && labels.length !== pixels) return null;
  const counts = name === "lovaszSoftmax" ? countsOf(name, labels, { count: pixels, classes, ignore: options.ignore }) : null;
  return { name, input, shape, images, perImage, labels, counts, weights, options, out };
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

// throws where the loss does not know these options: it is asked with no images
function askLoss(loss: Loss, shape: readonly number[], options: object): void {
  noGrad(() => tidy(() => loss(tensor(new Float32Array(0), [0, ...shape.slice(1)]), [], options).size));
}

// how many labels each class has; throws where a label is that of none
function countsOf(name: LossName, labels: LabelArray, size: Parameters<typeof classMap>[2]): Int32Array {
  return tidy(() => {
    const classOf = classMap(name, labels, size);
    const counts = Tensor.empty([size.classes]).pointer;
    kernels.classCounts(classOf.pointer, size.count, counts, size.classes);
    return viewI32(counts, size.classes).slice();
  });
}
