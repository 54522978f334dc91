import type { Tensor } from "../tensor/tensor.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { REGION_OPTIONS, type RegionOptions, regionLoss } from "./region.js";

/**
 * The soft Jaccard loss, 1 - (TP + smooth) / (TP + FP + FN + smooth) for each class, and its mean. Input and labels are those of
 * `dice`.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Rahman, Wang, "Optimizing intersection-over-union in deep neural networks for image segmentation" (2016).
 *
 * @example
 * ```js
 * import { jaccard, tensor } from "lovasz";
 *
 * const loss = jaccard(tensor([100, -100, 100, -100]), [1, 0, 0, 0]);
 * console.log(loss.item()); // 0.5
 * ```
 */
export function jaccard(input: LossInput, labels: Labels, options: RegionOptions = {}): Tensor {
  return regionLoss("jaccard", input, labels, options, REGION_OPTIONS, { alpha: 1, beta: 1, gamma: 1 });
}
