import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * The hyperbolic tangent of each element.
 *
 * @example
 * ```js
 * import { tanh, tensor } from "lovasz";
 *
 * console.log(tanh(tensor([0, 100])).toArray()); // [ 0, 1 ]
 * ```
 */
export function tanh(a: Tensor): Tensor {
  return unary(operand("tanh(a)", a), "tanh_f32", "tanhGrad_f32", "output");
}
