import { alias } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { binary } from "./binary.js";
import { neg } from "./neg.js";

/**
 * a - b for each element, broadcast as in NumPy.
 *
 * @example
 * ```js
 * import { sub, tensor } from "lovasz";
 *
 * console.log(sub(tensor([3, 4]), 1).toArray()); // [ 2, 3 ]
 * ```
 */
export function sub(a: Tensor | number, b: Tensor | number): Tensor {
  return binary("sub(a, b)", a, b, "sub_f32", () => (upstream, [needA, needB]) => [
    needA ? alias(upstream) : null,
    needB ? neg(upstream) : null,
  ]);
}
