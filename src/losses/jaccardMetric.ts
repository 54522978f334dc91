import type { Tensor } from "../tensor/tensor.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { REGION_OPTIONS, type RegionOptions, regionLoss } from "./region.js";

/**
 * The Jaccard metric loss, 1 - (S - D + smooth) / (S + D + smooth) for each class, where S is half the sum of predictions and labels,
 * and D half the sum of their absolute differences. For hard labels it equals `jaccard`. For soft labels, unlike `jaccard`, it is 0
 * exactly where the prediction equals the labels. Input and labels are those of `dice`.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Wang, Ning, Blaschko, "Jaccard metric losses: optimizing the Jaccard index with soft labels" (2023), equation 8.
 *
 * @example
 * ```js
 * import { jaccardMetric, tensor } from "lovasz";
 *
 * const loss = jaccardMetric(tensor([0, 100]), Float32Array.of(0.5, 1));
 * console.log(loss.item()); // 0
 * ```
 */
export function jaccardMetric(input: LossInput, labels: Labels, options: RegionOptions = {}): Tensor {
  return regionLoss("jaccardMetric", input, labels, options, REGION_OPTIONS, { alpha: 1, beta: 1, gamma: 1, shared: "least" });
}
