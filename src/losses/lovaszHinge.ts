import type { Tensor } from "../tensor/tensor.js";
import { type BinaryTask, LOVASZ_OPTIONS, type LovaszOptions } from "./binaryArguments.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { lovaszBinary } from "./lovaszBinary.js";
import { plainHinge } from "./plainHinge.js";

/** To read its arguments. */
export const HINGE = {
  call: "lovaszHinge",
  known: LOVASZ_OPTIONS,
  kind: "hinge",
  multiclass: "lovaszSoftmax",
  perImage: true,
} as const satisfies BinaryTask;

/**
 * The binary Lovász hinge: logits [B, ...] (a positive one says foreground), as many labels 0 or 1. The Lovász extension of
 * the Jaccard loss at the hinge errors max(0, 1 - logit (2 label - 1)); 0 where every pixel is right by a margin of 1.
 * `perImage` is true by default, as in the reference; `reduction: "none"` gives one loss an image, shape [B] ([1] with
 * `perImage: false`).
 *
 * Throws `LovaszError` "shape", "label", "nan" (a logit that is not void) or "option".
 * Source: Yu, Blaschko, "The Lovász hinge" (2015); Berman, Rannen Triki, Blaschko (CVPR 2018), section 3.1.
 */
export function lovaszHinge(logits: LossInput, labels: Labels, options: LovaszOptions = {}): Tensor {
  return lovaszBinary(HINGE, logits, labels, options, { plain: plainHinge });
}
