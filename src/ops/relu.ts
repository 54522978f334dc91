import { alias } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * max(a, 0) of each element; its gradient at 0 is 0.
 *
 * @example
 * ```js
 * import { relu, tensor } from "lovasz";
 *
 * console.log(relu(tensor([-1, 2])).toArray()); // [ 0, 2 ]
 * ```
 */
export function relu(a: Tensor): Tensor {
  return unary(operand("relu(a)", a), "relu_f32", "reluGrad_f32", "output");
}

/** The same, in the memory of `a`, which nothing may read any more. @internal */
export function reluInPlace(a: Tensor): Tensor {
  return unary(a, "relu_f32", "reluGrad_f32", "output", () => alias(a));
}
