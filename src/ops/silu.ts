import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { unary } from "./unary.js";

/**
 * The sigmoid linear unit, or swish: x / (1 + e^-x) of each element x.
 *
 * Source: Hendrycks, Gimpel, "Gaussian error linear units (GELUs)" (2016), section 2.
 *
 * @example
 * ```js
 * import { silu, tensor } from "lovasz";
 *
 * console.log(silu(tensor([0, 100])).toArray()); // [ 0, 100 ]
 * ```
 */
export function silu(a: Tensor): Tensor {
  return unary(operand("silu(a)", a), "silu_f32", "siluGrad_f32", "input");
}
