import { choice, flag, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import type { Channels } from "./channels.js";
import { checkClassWeights } from "./classOptions.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions } from "./options.js";
import { outOfCore } from "./outOfCore.js";
import { pixelMean } from "./pixelMean.js";
import { refuseInfinite } from "./range.js";

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends LossOptions {
  /** `"multiclass"`, the only one. */
  mode?: "multiclass";
  /** Weights of the classes, at least 0, of which only the ratios count: the mean becomes a weighted one. Default: 1 each. */
  classWeights?: readonly number[] | Float32Array | null;
  /** Whether the input holds logits, or else probabilities. Default true. */
  fromLogits?: boolean;
}

/**
 * Cross-entropy of logits [B, C, ...] (or [P, C]) with labels in 0..C-1, or one-hot or soft ones like the logits: the sum of
 * -w_c t_c ln p_c over the pixels that are not void, p the softmax, by the sum of w_c t_c. `perImage` (default false) takes
 * that quotient in each image first; `reduction: "none"` gives one loss an image.
 *
 * Of probabilities, p is the number given, whatever the others of the pixel. No logarithm is below -100, and the gradient divides
 * by no p below 1e-12, as in `binaryCrossEntropy`.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 */
export function crossEntropy(input: LossInput, labels: Labels, all: CrossEntropyOptions = {}): Tensor {
  const call = "crossEntropy";
  knownOptions(call, all, [...LOSS_OPTIONS, "mode", "classWeights", "fromLogits"]);
  const options = outOfCore(all);
  const fromLogits = flag(call, "fromLogits", options.fromLogits, true);
  return pixelMean(call, input, labels, options, {
    mode: choice(call, "mode", options.mode, ["multiclass"], "multiclass"),
    other: "binaryCrossEntropy",
    fromLogits,
    prepare: (targets, at, together) => {
      if (options.classWeights) weigh(targets, at, together, checkClassWeights(call, options.classWeights, at.classes, Number.MAX_VALUE));
    },
    check: refuseInfinite,
    mass: (targets, n) => kernels.massOf_f32(targets, n),
    kernel: (x, t, { classes, pixels }, scale, gradient) =>
      fromLogits
        ? kernels.crossEntropy_f32(x, t, classes, pixels, scale, gradient)
        : kernels.crossEntropyGiven_f32(x, t, classes * pixels, scale, gradient),
  });
}

// Only ratios of weights count: they are divided by the largest of a class that occurs in what one sum divides, all images
// `together` or each, and so float32 holds those that matter, whatever they are.
function weigh(targets: Tensor, { images, classes, pixels }: Channels, together: boolean, weights: readonly number[]): void {
  const pointer = (image: number, c: number) => targets.pointer + 4 * (image * classes + c) * pixels;
  const all = Array.from({ length: images }, (_, image) => image);
  for (const group of together ? [all] : all.map((image) => [image])) {
    const occurs = (c: number) => group.some((image) => kernels.massOf_f32(pointer(image, c), pixels) > 0);
    const largest = weights.reduce((most, weight, c) => (weight > most && occurs(c) ? weight : most), 0);
    weights.forEach((weight, c) => {
      const ratio = largest > 0 ? Math.min(weight / largest, 1) : 0;
      for (const image of group) kernels.weighTargets_f32(pointer(image, c), ratio, pixels);
    });
  }
}
