import type { Tensor } from "../tensor/tensor.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { REGION_OPTIONS, type RegionOptions, regionLoss } from "./region.js";

/**
 * The soft Dice loss, 1 - 2 (TP + smooth) / (2 TP + FP + FN + 2 smooth) for each class, and its mean. The input is logits [B, ...]
 * (binary) or [B, C, ...]; labels are class numbers, 0 or 1, one-hot or soft. A class that no label names counts as 0 in the mean.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Milletari, Navab, Ahmadi, "V-Net" (2016), section 3, without squares, as in segmentation_models.pytorch.
 *
 * @example
 * ```js
 * import { dice, tensor } from "lovasz";
 *
 * const loss = dice(tensor([100, -100, 100, -100]), [1, 0, 0, 0]);
 * console.log(loss.item()); // 0.3333333432674408
 * ```
 */
export function dice(input: LossInput, labels: Labels, options: RegionOptions = {}): Tensor {
  return regionLoss("dice", input, labels, options, REGION_OPTIONS, { alpha: 0.5, beta: 0.5, gamma: 1 });
}
