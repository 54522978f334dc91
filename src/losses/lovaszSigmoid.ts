import { flag } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { type BinaryTask, LOVASZ_OPTIONS, type LovaszOptions } from "./binaryArguments.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { lovaszBinary } from "./lovaszBinary.js";
import { refuseImprobable } from "./range.js";

/** Options of `lovaszSigmoid`. */
export interface LovaszSigmoidOptions extends LovaszOptions {
  /** Whether the input holds logits; if false, it holds probabilities. Default true. */
  fromLogits?: boolean;
}

/**
 * The binary Lovász loss of logits (or probabilities) [B, ...] with one label 0 or 1 for each: the Lovász extension of the Jaccard
 * loss at the errors |label - sigmoid(logit)|. `perImage` is false by default; `reduction: "none"` returns one loss per image,
 * shape [B] (or [1] with `perImage: false`).
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Berman, Rannen Triki, Blaschko (CVPR 2018), equation 11 for two classes, of which only the foreground counts.
 *
 * @example
 * ```js
 * import { lovaszSigmoid, tensor } from "lovasz";
 *
 * const logits = tensor([0, 0], undefined, { requiresGrad: true });
 * const loss = lovaszSigmoid(logits, [1, 0]);
 * loss.backward();
 * console.log(loss.item()); // 0.5
 * console.log(logits.grad.toArray()); // [ -0.25, 0 ]
 * ```
 */
export function lovaszSigmoid(input: LossInput, labels: Labels, options: LovaszSigmoidOptions = {}): Tensor {
  return lovaszBinary(sigmoidTask(options), input, labels, options);
}

/** Describes `lovaszSigmoid` to the code that reads its arguments. */
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
