/**
 * The label of ignored pixels, which are left out of every loss and metric. `crop`, `augment` and `fit` label with it what lies
 * outside a picture, so pass it to the loss as `ignore`.
 *
 * @example
 * ```js
 * import { binaryCrossEntropy, tensor } from "lovasz";
 * import { IGNORED } from "lovasz/model";
 *
 * const loss = binaryCrossEntropy(tensor([0, 9]), [1, IGNORED], { ignore: IGNORED });
 * console.log(IGNORED, loss.item().toFixed(3)); // 255 0.693
 * ```
 */
export const IGNORED = 255;
