import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * min(max(x, 0), 6) of each element x; its gradient is 0 at 0 and at 6.
 *
 * @example
 * ```js
 * import { relu6, tensor } from "lovasz";
 *
 * console.log(relu6(tensor([-1, 2, 8])).toArray()); // [ 0, 2, 6 ]
 * ```
 */
export function relu6(a: Tensor): Tensor {
  return unary(operand("relu6(a)", a), "relu6_f32", "relu6Grad_f32", "output");
}
