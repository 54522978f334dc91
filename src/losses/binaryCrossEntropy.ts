import { choice, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions } from "./options.js";
import { keptTargets, pixelMean } from "./pixelMean.js";

/** Options of `binaryCrossEntropy`. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Logits [B, ...] or [B, C, ...]: either way, each is one yes or no. Default `"binary"`. */
  mode?: "binary" | "multilabel";
}

/**
 * Binary cross-entropy of logits with labels 0 or 1 of the same count, or soft ones (floats) in 0..1: the mean of
 * -t ln s(x) - (1 - t) ln(1 - s(x)) over what is not void, s the sigmoid. `perImage` (default false) takes that mean in each
 * image first; `reduction: "none"` gives one loss an image.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 */
export function binaryCrossEntropy(logits: LossInput, labels: Labels, options: BinaryCrossEntropyOptions = {}): Tensor {
  const call = "binaryCrossEntropy";
  knownOptions(call, options, [...LOSS_OPTIONS, "mode"]);
  return pixelMean(call, logits, labels, options, {
    mode: choice(call, "mode", options.mode, ["binary", "multilabel"], "binary"),
    other: "crossEntropy",
    mass: keptTargets,
    kernel: (x, t, { classes, pixels }, scale, gradient) => kernels.binaryCrossEntropy_f32(x, t, classes * pixels, scale, gradient),
  });
}
