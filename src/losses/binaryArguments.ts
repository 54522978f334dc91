// Reads the arguments of the Lovász losses of binary tasks, for the losses and for devices that compute them elsewhere.
import { knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkLayout } from "./channels.js";
import { imagesOf, type LossInput, lossInput } from "./input.js";
import { classMap, type LabelArray, type LabelMap, type Labels, readLabels } from "./labels.js";
import { type KIND, type MethodOptions, methodOf } from "./method.js";
import { LOSS_OPTIONS, type LossOptions, lossOptions } from "./options.js";
import { type Extents, refuseInfinite, refuseNaN } from "./range.js";
import { type PixelWeights, readWeights } from "./weights.js";

/** Options of the Lovász losses of binary tasks. */
export interface LovaszOptions extends LossOptions, MethodOptions {
  /** The weight of each pixel in intersection and union: one number of at least 0 for each label. Default: 1 each. */
  pixelWeights?: PixelWeights | null;
}

/** Names of the options above. */
export const LOVASZ_OPTIONS = [...LOSS_OPTIONS, "pixelWeights", "method", "bins"] as const;

/** Describes a loss to the code that reads its arguments. */
export interface BinaryTask {
  call: string;
  /** The names of its options. */
  known: readonly string[];
  /** How its errors follow from the input. */
  kind: Exclude<keyof typeof KIND, "softmax">;
  /** The function to use for class numbers, for messages. */
  multiclass: string;
  /** The default of `perImage`. */
  perImage: boolean;
  /** Throws for input that the loss cannot work with. Default: refuses NaN. */
  check?: (call: string, input: Tensor, classOf: Tensor, size: Extents) => void;
}

/** The arguments of a loss: `images` of `n` pixels each, or all images as one. The labels are not checked yet. */
export interface BinaryArguments {
  task: BinaryTask;
  input: Tensor;
  labels: LabelArray;
  ignore: LovaszOptions["ignore"];
  /** The weights of the pixels, whose number is not checked yet; null where each is 1. */
  weights: Float32Array | null;
  images: number;
  n: number;
  /** Whether the result is the mean over the images instead of one loss for each. */
  mean: boolean;
  /** How many bins the histogram has, or 0 to sort. */
  bins: number;
  /** The options as the user gave them. */
  options: LovaszOptions;
}

/** Reads the arguments. Call it within `tidy`. */
export function readBinary(task: BinaryTask, values: LossInput, given: Labels, options: LovaszOptions): BinaryArguments {
  const { call } = task;
  knownOptions(call, options, task.known);
  const { perImage, mean } = lossOptions(call, options, task.perImage);
  checkLayout(call, options.layout);
  const bins = methodOf(call, options);
  const labels = readLabels(call, given);
  const weights = readWeights(call, options.pixelWeights);
  const input = lossInput(call, values, options.shape);
  const images = perImage ? imagesOf(input) : 1;
  const n = images === 0 ? 0 : input.size / images;
  return { task, input, labels, ignore: options.ignore, weights, images, n, mean, bins, options };
}

/** The labels that the loss expects. */
export function binaryMap({ task, input, ignore }: BinaryArguments): LabelMap {
  return { count: input.size, classes: 2, ignore, multiclass: task.multiclass };
}

/** The labels as i32: 0, 1, or -1 for ignored pixels. Checks the input of all other pixels too. Call it within `tidy`. */
export function binaryLabels(whole: BinaryArguments): Tensor {
  const { task, input, labels, bins } = whole;
  const { call, check } = task;
  const classOf = classMap(call, labels, binaryMap(whole));
  const size = { images: 1, classes: 1, pixels: input.size };
  check?.(call, input, classOf, size);
  if (bins > 0) refuseInfinite(call, input, classOf, size);
  else if (!check) refuseNaN(call, input, classOf, size);
  return classOf;
}
