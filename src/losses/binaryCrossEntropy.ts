import { choice, flag, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions } from "./options.js";
import { keptTargets, pixelMean } from "./pixelMean.js";

/** Options of `binaryCrossEntropy`. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Whether the input is [B, ...] or [B, C, ...]; in both, each number is one yes-or-no decision. Default `"binary"`. */
  mode?: "binary" | "multilabel";
  /** Whether the input holds logits; if false, it holds probabilities. Default true. */
  fromLogits?: boolean;
}

/**
 * Binary cross-entropy: the mean of -t ln s(x) - (1 - t) ln(1 - s(x)) over the pixels that are not ignored, where x is the logit,
 * t the label and s the sigmoid. There is one label for each logit, 0 or 1, or a fraction between them (soft labels). `perImage`
 * (default false) averages within each image first; `reduction: "none"` returns one loss per image.
 *
 * For probabilities p it is the mean of -t ln p - (1 - t) ln(1 - p). As in PyTorch's BCELoss, logarithms are clamped to at least
 * -100, and the denominator of the gradient (p - t) / (p (1 - p)) to at least 1e-12.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 *
 * @example
 * ```js
 * import { binaryCrossEntropy, tensor } from "lovasz";
 *
 * const loss = binaryCrossEntropy(tensor([0, 2]), [1, 1]);
 * console.log(loss.item().toFixed(4)); // 0.4100
 * ```
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
