import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * x min(max(x + 3, 0), 6) / 6 of each element x; its gradient is 0 at -3 and 1 at 3.
 *
 * Source: Howard and others, "Searching for MobileNetV3" (2019), section 5.2.
 *
 * @example
 * ```js
 * import { hardswish, tensor } from "lovasz";
 *
 * console.log(hardswish(tensor([1.5, 3])).toArray()); // [ 1.125, 3 ]
 * ```
 */
export function hardswish(a: Tensor): Tensor {
  return unary(operand("hardswish(a)", a), "hardswish_f32", "hardswishGrad_f32", "input");
}
