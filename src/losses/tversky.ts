import { finite } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { REGION_OPTIONS, type RegionOptions, regionLoss } from "./region.js";

/** Options of `tversky`. */
export interface TverskyOptions extends RegionOptions {
  /** The weight of false positives. Default 0.5. */
  alpha?: number;
  /** The weight of false negatives. Default 0.5. */
  beta?: number;
  /** The power of the mean loss of each image or of the batch, at least 0. Default 1. */
  gamma?: number;
}

/**
 * The Tversky loss: the mean of 1 - (TP + smooth) / (TP + alpha FP + beta FN + smooth) over the classes, to the power of gamma. Input
 * and labels are those of `dice`.
 *
 * The power applies to the mean over the classes, as in segmentation_models.pytorch. With `perImage` it is that of each image, and the loss
 * the mean of these powers. The paper on the focal Tversky loss applies the power to
 * each class: `tversky(input, labels, { gamma, reduction: "none" }).mean()`. Where the loss is 0, the gradient is 0 too, although a
 * power below 1 has no derivative there.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Salehi, Erdogmus, Gholipour, "Tversky loss function" (2017); gamma: Abraham, Khan, "A novel focal Tversky loss
 * function with improved attention U-Net for lesion segmentation" (2019), equation 4.
 *
 * @example
 * ```js
 * import { tensor, tversky } from "lovasz";
 *
 * const loss = tversky(tensor([100, -100, 100, -100]), [1, 0, 0, 0], { alpha: 0.25, beta: 0.75 });
 * console.log(loss.item()); // 0.20000000298023224
 * ```
 */
export function tversky(input: LossInput, labels: Labels, options: TverskyOptions = {}): Tensor {
  const call = "tversky";
  return regionLoss(call, input, labels, options, [...REGION_OPTIONS, "alpha", "beta", "gamma"], {
    alpha: finite(call, "alpha", options?.alpha, 0.5, 0),
    beta: finite(call, "beta", options?.beta, 0.5, 0),
    gamma: finite(call, "gamma", options?.gamma, 1, 0),
  });
}
