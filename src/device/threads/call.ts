// A validated call, as the partitions need it. What the partitions themselves read is checked here, by the checks of src/losses; a worker's
// loss checks all options again. A call that is wrong in any way is left to the loss on this thread, which refuses it in its own words.
import { LovaszError } from "../../errors.js";
import { checkLayout } from "../../losses/channels.js";
import { checkClasses, checkClassWeights, chosenClasses } from "../../losses/classOptions.js";
import { classMap, type LabelArray } from "../../losses/labels.js";
import { countClasses } from "../../losses/lovaszClasses.js";
import { HINGE } from "../../losses/lovaszHinge.js";
import { type LovaszSigmoidOptions, sigmoidTask } from "../../losses/lovaszSigmoid.js";
import { KIND, methodOf } from "../../losses/method.js";
import { lossOptions } from "../../losses/options.js";
import { type LovaszSoftmaxOptions, SOFTMAX_OPTIONS } from "../../losses/softmaxArguments.js";
import { fitsOut, type ValueAndGradOptions } from "../../losses/valueAndGrad.js";
import { readWeights } from "../../losses/weights.js";
import { flag, isPlain, knownOptions } from "../../options.js";
import { tidy } from "../../tensor/scope.js";
import { checkShape, sizeOf } from "../../tensor/shape.js";
import { isDetached, kindOf, type TypedArray } from "../../typedArray.js";
import type { Loss } from "../device.js";
import { imagesOf } from "../imagesOf.js";
import { type LossName, nameOf } from "./losses.js";

export interface Call {
  name: LossName;
  input: Float32Array;
  shape: readonly number[];
  images: number;
  /** Whether the loss is the mean of the losses of the images. */
  isMeanOfImages: boolean;
  labels: LabelArray;
  weights: Float32Array | null;
  /** All but `shape`, `out` and `pixelWeights`. */
  options: object;
  out: Float32Array | undefined;
  /** Of lovaszHinge and lovaszSigmoid. */
  binary: BinarySettings | null;
  /** Of lovaszSoftmax. */
  softmax: SoftmaxSettings | null;
}

export interface BinarySettings {
  /** What the errors are, see KIND of losses/method.ts. */
  kind: number;
  /** Bins of the histogram, or 0 to sort. */
  bins: number;
  ignore: number | null | undefined;
}

export interface SoftmaxSettings {
  classes: number;
  /** Pixels of each image. */
  pixels: number;
  /** Whether the classes come last in the input. */
  isChannelsLast: boolean;
  fromLogits: boolean;
  /** Bins of the histogram, or 0 to sort. */
  bins: number;
  ignore: number | null | undefined;
  /** The classes that count where all images are one group. */
  chosen: readonly number[];
  /** How many labels each class has. */
  counts: Int32Array;
  classWeights: readonly number[];
}

// the losses that take one label for each pixel
const LOVASZ: readonly LossName[] = ["lovaszHinge", "lovaszSigmoid", "lovaszSoftmax", "lovaszExtension"];
// the losses that know weights of pixels
const WEIGHTED: readonly LossName[] = [...LOVASZ, "binaryCrossEntropy"];

/** The call, or null where it is wrong or odd. */
export function readCall(loss: Loss, input: Float32Array, labels: LabelArray, options: ValueAndGradOptions): Call | null {
  try {
    return validated(loss, input, labels, options);
  } catch (error) {
    if (error instanceof LovaszError) return null;
    throw error;
  }
}

type AnyOptions = ValueAndGradOptions & LovaszSoftmaxOptions & { mode?: string };

function validated(loss: Loss, input: Float32Array, labels: LabelArray, all: AnyOptions): Call | null {
  const { shape: given = [input.length], out, pixelWeights, ...options } = all;
  const name = nameOf(loss);
  if (!name || !fitsOut(out, input) || !canTravel(options)) return null;
  const shape = checkShape(name, given);
  if (sizeOf(shape) !== input.length) return null;
  lossOptions(name, options, false);
  const isLovasz = LOVASZ.includes(name);
  if ("pixelWeights" in all && !WEIGHTED.includes(name)) return null;
  const weights = isLovasz ? readWeights(name, pixelWeights) : readWeights(name, pixelWeights, 0);
  const { images, perImage } = imagesOf(loss, shape, options);
  if (images === 0) return null;
  const pixels = name === "lovaszSoftmax" ? input.length / classesOf(shape, options.layout) : input.length;
  if (isLovasz && labels.length !== pixels) return null;
  if (weights && weights.length !== pixels) return null;
  return {
    name,
    input,
    shape,
    images,
    isMeanOfImages: perImage,
    labels,
    weights,
    options,
    out,
    binary: binarySettings(name, options),
    softmax: name === "lovaszSoftmax" ? softmaxSettings(shape, images, labels, options) : null,
  };
}

function binarySettings(name: LossName, options: LovaszSigmoidOptions): BinarySettings | null {
  if (name !== "lovaszHinge" && name !== "lovaszSigmoid") return null;
  const { known, kind } = name === "lovaszHinge" ? HINGE : sigmoidTask(options);
  knownOptions(name, options, known);
  checkLayout(name, options.layout);
  return { kind: KIND[kind], bins: methodOf(name, options), ignore: options.ignore };
}

function softmaxSettings(shape: readonly number[], images: number, labels: LabelArray, options: LovaszSoftmaxOptions): SoftmaxSettings {
  const call = "lovaszSoftmax";
  knownOptions(call, options, SOFTMAX_OPTIONS);
  const { ignore } = options;
  const layout = checkLayout(call, options.layout);
  const classes = classesOf(shape, layout);
  const count = labels.length;
  const counts = tidy(() => countClasses(classMap(call, labels, { count, classes, ignore }).pointer, count, classes));
  return {
    classes,
    pixels: count / images,
    isChannelsLast: shape.length === 2 || layout === "NHWC",
    fromLogits: flag(call, "fromLogits", options.fromLogits, true),
    bins: methodOf(call, options),
    ignore,
    chosen: chosenClasses(checkClasses(call, options.classes, classes), counts),
    counts,
    classWeights: checkClassWeights(call, options.classWeights, classes),
  };
}

function classesOf(shape: readonly number[], layout: string | undefined): number {
  return shape.length === 2 || layout === "NHWC" ? (shape.at(-1) ?? 0) : shape[1];
}

// options nest no deeper, see hold.ts
const DEEPEST = 4;

// Whether a worker would get the same value: a function cannot be sent, and an object of a class would arrive as a plain one.
function canTravel(value: unknown, depth = 0): boolean {
  if (value === null || value === undefined || ["boolean", "number", "string", "bigint"].includes(typeof value)) return true;
  if (kindOf(value) !== undefined) return !isDetached(value as TypedArray);
  const isOrdinary = Array.isArray(value) || isPlain(value);
  return isOrdinary && depth <= DEEPEST && Object.values(value as object).every((one) => canTravel(one, depth + 1));
}
