// Reads the arguments of lovaszSoftmax, for the loss and for devices that compute it elsewhere.
import { flag, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { imagesOfMean } from "./batch.js";
import { LOVASZ_OPTIONS, type LovaszOptions } from "./binaryArguments.js";
import { type Channels, channels, checkLayout } from "./channels.js";
import { checkClasses, checkClassWeights } from "./classOptions.js";
import { type LossInput, lossInput } from "./input.js";
import { type Labels, readLabels } from "./labels.js";
import type { ClassSettings } from "./lovaszClasses.js";
import { methodOf } from "./method.js";
import { lossOptions } from "./options.js";
import { outOfCore } from "./outOfCore.js";
import { refuseImprobable } from "./range.js";
import { readClasses } from "./targets.js";
import { pixelWeights, readWeights } from "./weights.js";

/** Options of `lovaszSoftmax`. */
export interface LovaszSoftmaxOptions extends LovaszOptions {
  /** Whether the input holds logits; if false, it holds probabilities. Default true. */
  fromLogits?: boolean;
  /** Which classes count: those that occur in the labels, all of them, or the listed ones. Default `"present"`. */
  classes?: "present" | "all" | readonly number[];
  /** Factors on the losses of the classes before their mean is taken; at least 0. Default: 1 each. */
  classWeights?: readonly number[] | Float32Array | null;
}

/** The names of the options above. */
export const SOFTMAX_OPTIONS = [...LOVASZ_OPTIONS, "fromLogits", "classes", "classWeights"] as const;

/** The arguments of `lovaszSoftmax`. */
export interface SoftmaxArguments {
  input: Tensor;
  /** The input as [images, classes, pixels]. */
  at: Channels;
  /** The class of each pixel, i32 [images, pixels], -1 for ignored pixels. */
  classOf: Tensor;
  fromLogits: boolean;
  perImage: boolean;
  mean: boolean;
  settings: ClassSettings;
}

/** Reads and checks the arguments, except that logits may not be finite. Call it within `tidy`. */
export function readSoftmax(values: LossInput, given: Labels, all: LovaszSoftmaxOptions): SoftmaxArguments {
  const call = "lovaszSoftmax";
  knownOptions(call, all, SOFTMAX_OPTIONS);
  const options = outOfCore(all);
  const { perImage, mean } = lossOptions(call, options, false);
  const fromLogits = flag(call, "fromLogits", options.fromLogits, true);
  const layout = checkLayout(call, options.layout);
  const bins = methodOf(call, options);
  const labels = readLabels(call, given);
  const weights = readWeights(call, options.pixelWeights);
  const input = lossInput(call, values, options.shape);
  const at = channels(call, input, layout, "multiclass");
  const { x, images, classes, pixels } = at;
  const classOf = readClasses(call, labels, at, options.ignore, "lovaszSigmoid or lovaszHinge");
  if (!fromLogits) refuseImprobable(call, x, classOf, { images, classes, pixels, from: at });
  const settings = {
    bins,
    weights: pixelWeights(call, weights, images * pixels),
    classes: checkClasses(call, options.classes, classes),
    classWeights: checkClassWeights(call, options.classWeights, classes),
    groupSize: perImage ? 1 : Math.max(images, 1),
    divide: mean || perImage,
    share: mean && perImage ? 1 / imagesOfMean(options, images) : 1,
  };
  return { input, at, classOf, fromLogits, perImage, mean, settings };
}
