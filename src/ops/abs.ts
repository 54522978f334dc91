import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * The absolute value of each element; the gradient at 0 is 0.
 *
 * @example
 * ```js
 * import { abs, tensor } from "lovasz";
 *
 * console.log(abs(tensor([-1, 2])).toArray()); // [ 1, 2 ]
 * ```
 */
export function abs(a: Tensor): Tensor {
  return unary(operand("abs(a)", a), "abs_f32", "absGrad_f32", "input");
}
