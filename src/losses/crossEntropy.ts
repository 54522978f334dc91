import { choice, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { checkClassWeights } from "./classOptions.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions } from "./options.js";
import { pixelMean } from "./pixelMean.js";
import { refuseInfinite } from "./range.js";

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends LossOptions {
  /** `"multiclass"`, the only one. */
  mode?: "multiclass";
  /** Weights of the classes, at least 0: the mean becomes a weighted one. Default: 1 each. */
  classWeights?: readonly number[] | Float32Array | null;
}

/**
 * Cross-entropy of logits [B, C, ...] (or [P, C]) with labels in 0..C-1, or one-hot or soft ones like the logits: the sum of
 * -w_c t_c ln p_c over the pixels that are not void, p the softmax, by the sum of w_c t_c. `perImage` (default false) takes
 * that quotient in each image first; `reduction: "none"` gives one loss an image.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 */
export function crossEntropy(logits: LossInput, labels: Labels, options: CrossEntropyOptions = {}): Tensor {
  const call = "crossEntropy";
  knownOptions(call, options, [...LOSS_OPTIONS, "mode", "classWeights"]);
  return pixelMean(call, logits, labels, options, {
    mode: choice(call, "mode", options.mode, ["multiclass"], "multiclass"),
    other: "binaryCrossEntropy",
    prepare: (targets, { images, classes, pixels }) => {
      if (!options.classWeights) return;
      const weights = checkClassWeights(call, options.classWeights, classes);
      for (let plane = 0; plane < images * classes; plane++) {
        kernels.weighTargets_f32(targets.pointer + 4 * plane * pixels, weights[plane % classes], pixels);
      }
    },
    check: refuseInfinite,
    mass: (targets, n) => kernels.massOf_f32(targets, n),
    kernel: (x, t, { classes, pixels }, scale, gradient) => kernels.crossEntropy_f32(x, t, classes, pixels, scale, gradient),
  });
}
