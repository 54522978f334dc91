import type { Tensor } from "../tensor/tensor.js";
import { softmaxAlong } from "./softmax.js";

/**
 * The logarithm of `softmax(a, axis)`, computed directly so that small probabilities keep their digits.
 *
 * @example
 * ```js
 * import { logSoftmax, tensor } from "lovasz";
 *
 * console.log(logSoftmax(tensor([200, 0]), 0).toArray()); // [ 0, -200 ]
 * ```
 */
export function logSoftmax(a: Tensor, axis: number): Tensor {
  return softmaxAlong("logSoftmax(a, axis)", a, axis, true);
}
