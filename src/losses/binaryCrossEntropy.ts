import { choice, flag, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions } from "./options.js";
import { keptTargets, pixelMean } from "./pixelMean.js";

/** Options of `binaryCrossEntropy`. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** An input [B, ...] or [B, C, ...]: either way, each number of it is one yes or no. Default `"binary"`. */
  mode?: "binary" | "multilabel";
  /** Whether the input holds logits, or else probabilities. Default true. */
  fromLogits?: boolean;
}

/**
 * Binary cross-entropy of logits with labels 0 or 1 of the same count, or soft ones (floats) in 0..1: the mean of
 * -t ln s(x) - (1 - t) ln(1 - s(x)) over what is not void, s the sigmoid. `perImage` (default false) takes that mean in each
 * image first; `reduction: "none"` gives one loss an image.
 *
 * Of probabilities p, the mean of -t ln p - (1 - t) ln(1 - p). As in PyTorch's BCELoss, no logarithm is below -100, and the
 * gradient (p - t) / (p (1 - p)) has a denominator of at least 1e-12.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 */
export function binaryCrossEntropy(input: LossInput, labels: Labels, options: BinaryCrossEntropyOptions = {}): Tensor {
  const call = "binaryCrossEntropy";
  knownOptions(call, options, [...LOSS_OPTIONS, "mode", "fromLogits"]);
  const fromLogits = flag(call, "fromLogits", options.fromLogits, true);
  const kernel = fromLogits ? kernels.binaryCrossEntropy_f32 : kernels.binaryCrossEntropyGiven_f32;
  return pixelMean(call, input, labels, options, {
    mode: choice(call, "mode", options.mode, ["binary", "multilabel"], "binary"),
    other: "crossEntropy",
    mass: keptTargets,
    fromLogits,
    kernel: (x, t, { classes, pixels }, scale, gradient) => kernel(x, t, classes * pixels, scale, gradient),
  });
}
