import type { Tensor } from "../tensor/tensor.js";
import { binary } from "./binary.js";

/**
 * a * b for each element, broadcast as in NumPy.
 *
 * @example
 * ```js
 * import { mul, tensor } from "lovasz";
 *
 * console.log(mul(tensor([1, 2]), tensor([3, 4])).toArray()); // [ 3, 8 ]
 * ```
 */
export function mul(a: Tensor | number, b: Tensor | number): Tensor {
  return binary("mul(a, b)", a, b, "mul_f32", (x, y) => (upstream, [needA, needB]) => [
    needA ? mul(upstream, y) : null,
    needB ? mul(upstream, x) : null,
  ]);
}
