import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * The Gaussian error linear unit: x times the standard normal distribution at x, x (1 + erf(x / sqrt(2))) / 2, of each element x. It is
 * the exact one, not the approximation by tanh.
 *
 * Source: Hendrycks, Gimpel, "Gaussian error linear units (GELUs)" (2016), section 2.
 *
 * @example
 * ```js
 * import { gelu, tensor } from "lovasz";
 *
 * console.log(gelu(tensor([0, 100])).toArray()); // [ 0, 100 ]
 * ```
 */
export function gelu(a: Tensor): Tensor {
  return unary(operand("gelu(a)", a), "gelu_f32", "geluGrad_f32", "input");
}
