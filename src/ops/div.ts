import type { Tensor } from "../tensor/tensor.js";
import { binary } from "./binary.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";

/**
 * a / b for each element, broadcast as in NumPy.
 *
 * @example
 * ```js
 * import { div, tensor } from "lovasz";
 *
 * console.log(div(tensor([1, 2]), 4).toArray()); // [ 0.25, 0.5 ]
 * ```
 */
export function div(a: Tensor | number, b: Tensor | number): Tensor {
  return binary("div(a, b)", a, b, "div_f32", (x, y) => (upstream, [needA, needB]) => {
    const gradientA = div(upstream, y);
    // d(x/y)/dy = -(1/y) (x/y)
    return [needA ? gradientA : null, needB ? neg(mul(gradientA, div(x, y))) : null];
  });
}
