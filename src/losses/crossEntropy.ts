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
  /** Only `"multiclass"` is possible. */
  mode?: "multiclass";
  /** Weights of the classes, at least 0, for a weighted mean. Only their ratios matter. Default: 1 each. */
  classWeights?: readonly number[] | Float32Array | null;
  /** Whether the input holds logits; if false, it holds probabilities. Default true. */
  fromLogits?: boolean;
}

/**
 * Cross-entropy of logits [B, C, ...] (or [P, C]): the sum of -w_c t_c ln p_c over the pixels that are not ignored, divided by
 * the sum of w_c t_c, where p is the softmax, t the label and w the class weight. Labels are in 0..C-1, or one-hot or soft labels
 * in the shape of the logits. `perImage` (default false) takes the quotient within each image first; `reduction: "none"` returns one
 * loss per image.
 *
 * For probabilities, p_c is the given number, even where the numbers of a pixel do not sum to 1. Logarithms are clamped to at least
 * -100, and the p that the gradient divides by to at least 1e-12, as in `binaryCrossEntropy`.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 *
 * @example
 * ```js
 * import { crossEntropy, tensor } from "lovasz";
 *
 * const loss = crossEntropy(tensor([[2, 0], [0, 0]]), [0, 1]);
 * console.log(loss.item().toFixed(4)); // 0.4100
 * ```
 */
export function crossEntropy(input: LossInput, labels: Labels, options: CrossEntropyOptions = {}): Tensor {
  const call = "crossEntropy";
  knownOptions(call, options, [...LOSS_OPTIONS, "mode", "classWeights", "fromLogits"]);
  const own = outOfCore(options);
  const fromLogits = flag(call, "fromLogits", own.fromLogits, true);
  return pixelMean(call, input, labels, own, {
    mode: choice(call, "mode", own.mode, ["multiclass"], "multiclass"),
    other: "binaryCrossEntropy",
    fromLogits,
    prepare: (targets, at, together) => {
      if (own.classWeights) weigh(targets, at, together, checkClassWeights(call, own.classWeights, at.classes, Number.MAX_VALUE));
    },
    check: refuseInfinite,
    mass: (targets, n) => kernels.massOf_f32(targets, n),
    kernel: (x, t, { classes, pixels }, scale, gradient) =>
      fromLogits
        ? kernels.crossEntropy_f32(x, t, classes, pixels, scale, gradient)
        : kernels.crossEntropyGiven_f32(x, t, classes * pixels, scale, gradient),
  });
}

// Only the ratios of the weights matter. Dividing them by the largest weight of a class that occurs keeps the relevant ones within
// float32. This is done over all images `together` or for each image, as the loss is.
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
