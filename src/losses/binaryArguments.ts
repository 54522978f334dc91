// The arguments of the Lovász losses of binary tasks, read: alike by the losses, and by devices that compute them elsewhere.
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
  /** What each pixel weighs in intersection and union; at least 0, as many as labels. Default: 1 each. */
  pixelWeights?: PixelWeights | null;
}

/** Names of the options above. */
export const LOVASZ_OPTIONS = [...LOSS_OPTIONS, "pixelWeights", "method", "bins"] as const;

/** Which loss it is. */
export interface BinaryTask {
  call: string;
  /** Names of its options. */
  known: readonly string[];
  /** What its errors are. */
  kind: Exclude<keyof typeof KIND, "softmax">;
  /** What to use for class numbers. */
  multiclass: string;
  /** The default of `perImage`. */
  perImage: boolean;
  /** Refuses input that the loss cannot work with. Default: NaN. */
  check?: (call: string, input: Tensor, classOf: Tensor, size: Extents) => void;
}

/** The arguments of a loss, of `images` of `n` pixels each, or of all images as one; labels are still to be checked. */
export interface BinaryArguments {
  task: BinaryTask;
  input: Tensor;
  labels: LabelArray;
  ignore: LovaszOptions["ignore"];
  /** Of pixels, their number still to be checked; null: 1 each. */
  weights: Float32Array | null;
  images: number;
  n: number;
  /** Whether the losses of the images are to become their mean. */
  mean: boolean;
  /** Of the histogram, or 0 to sort. */
  bins: number;
  /** As they came. */
  options: LovaszOptions;
}

/** The arguments, read. To be called within `tidy`. */
export function readBinary(task: BinaryTask, first: LossInput, given: Labels, options: LovaszOptions): BinaryArguments {
  const { call } = task;
  knownOptions(call, options, task.known);
  const { perImage, mean } = lossOptions(call, options, task.perImage);
  checkLayout(call, options.layout);
  const bins = methodOf(call, options);
  const labels = readLabels(call, given);
  const weights = readWeights(call, options.pixelWeights);
  const input = lossInput(call, first, options.shape);
  const images = perImage ? imagesOf(input) : 1;
  const n = images === 0 ? 0 : input.size / images;
  return { task, input, labels, ignore: options.ignore, weights, images, n, mean, bins, options };
}

/** What the labels are to be. */
export function binaryMap({ task, input, ignore }: BinaryArguments): LabelMap {
  return { count: input.size, classes: 2, ignore, multiclass: task.multiclass };
}

/** The labels, i32: 0, 1, or -1 where void; elsewhere the input is checked, too. To be called within `tidy`. */
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
