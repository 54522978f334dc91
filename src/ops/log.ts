import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * The natural logarithm of each element: NaN for negative elements, -Infinity for 0.
 *
 * @example
 * ```js
 * import { log, tensor } from "lovasz";
 *
 * console.log(log(tensor([1, 0])).toArray()); // [ 0, -Infinity ]
 * ```
 */
export function log(a: Tensor): Tensor {
  return unary(operand("log(a)", a), "log_f32", "logGrad_f32", "input");
}
