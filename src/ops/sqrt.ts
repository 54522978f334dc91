import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * The square root of each element.
 *
 * @example
 * ```js
 * import { sqrt, tensor } from "lovasz";
 *
 * console.log(sqrt(tensor([4, 9])).toArray()); // [ 2, 3 ]
 * ```
 */
export function sqrt(a: Tensor): Tensor {
  return unary(operand("sqrt(a)", a), "sqrt_f32", "sqrtGrad_f32", "output");
}
