import { flag } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { type BinaryTask, LOVASZ_OPTIONS, type LovaszOptions } from "./binaryArguments.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { lovaszBinary } from "./lovaszBinary.js";
import { refuseImprobable } from "./range.js";

/** Options of `lovaszSigmoid`. */
export interface LovaszSigmoidOptions extends LovaszOptions {
  /** Whether the input holds logits, or else probabilities. Default true. */
  fromLogits?: boolean;
}

/**
 * The binary Lovász loss at the errors |label - sigmoid(logit)|: logits (or probabilities) [B, ...], as many labels 0 or 1.
 * `perImage` is false by default; `reduction: "none"` gives one loss an image, shape [B] ([1] with `perImage: false`).
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Berman, Rannen Triki, Blaschko (CVPR 2018), equation 11 for two classes, of which the foreground counts.
 */
export function lovaszSigmoid(input: LossInput, labels: Labels, options: LovaszSigmoidOptions = {}): Tensor {
  return lovaszBinary(sigmoidTask(options), input, labels, options);
}

/** To read its arguments. */
export function sigmoidTask(options: LovaszSigmoidOptions) {
  const call = "lovaszSigmoid";
  const fromLogits = flag(call, "fromLogits", options?.fromLogits, true);
  return {
    call,
    known: [...LOVASZ_OPTIONS, "fromLogits"],
    kind: fromLogits ? "sigmoid" : "probability",
    multiclass: "lovaszSoftmax",
    perImage: false,
    check: fromLogits ? undefined : refuseImprobable,
  } as const satisfies BinaryTask;
}
