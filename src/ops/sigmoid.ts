import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * 1 / (1 + e^-a) of each element.
 *
 * @example
 * ```js
 * import { sigmoid, tensor } from "lovasz";
 *
 * console.log(sigmoid(tensor([0, 100])).toArray()); // [ 0.5, 1 ]
 * ```
 */
export function sigmoid(a: Tensor): Tensor {
  return unary(operand("sigmoid(a)", a), "sigmoid_f32", "sigmoidGrad_f32", "output");
}
