import type { Tensor } from "../tensor/tensor.js";
import { type BinaryTask, LOVASZ_OPTIONS, type LovaszOptions } from "./binaryArguments.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { lovaszBinary } from "./lovaszBinary.js";
import { plainHinge } from "./plainHinge.js";

/** Describes `lovaszHinge` to the code that reads its arguments. */
export const HINGE = {
  call: "lovaszHinge",
  known: LOVASZ_OPTIONS,
  kind: "hinge",
  multiclass: "lovaszSoftmax",
  perImage: true,
} as const satisfies BinaryTask;

/**
 * The binary Lovász hinge loss of logits [B, ...], positive for foreground, with one label 0 or 1 for each. It is the Lovász
 * extension of the Jaccard loss at the hinge errors max(0, 1 - logit (2 label - 1)), and 0 where every pixel is right by a margin of
 * at least 1. `perImage` is true by default, as in the reference implementation; `reduction: "none"` returns one loss per image,
 * shape [B] (or [1] with `perImage: false`).
 *
 * Throws `LovaszError` "shape", "label", "nan" (a NaN logit of a pixel that is not ignored) or "option".
 * Source: Yu, Blaschko, "The Lovász hinge" (2015); Berman, Rannen Triki, Blaschko (CVPR 2018), section 3.1.
 *
 * @example
 * ```js
 * import { lovaszHinge, tensor } from "lovasz";
 *
 * const logits = tensor([0.5, -0.5, 2], undefined, { requiresGrad: true });
 * const loss = lovaszHinge(logits, [1, 0, 1]);
 * loss.backward();
 * console.log(loss.item()); // 0.3333333432674408
 * console.log(logits.grad.toArray()); // [ -0.5, 0.1666666716337204, 0 ]
 * ```
 */
export function lovaszHinge(logits: LossInput, labels: Labels, options: LovaszOptions = {}): Tensor {
  return lovaszBinary(HINGE, logits, labels, options, { plain: plainHinge });
}
