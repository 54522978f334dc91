import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * e to the power of each element.
 *
 * @example
 * ```js
 * import { exp, tensor } from "lovasz";
 *
 * console.log(exp(tensor([0, 1])).toArray()); // [ 1, 2.7182817459106445 ]
 * ```
 */
export function exp(a: Tensor): Tensor {
  return unary(operand("exp(a)", a), "exp_f32", "expGrad_f32", "output");
}
