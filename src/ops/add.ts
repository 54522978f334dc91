import { alias } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { binary } from "./binary.js";

/**
 * a + b for each element, broadcast as in NumPy.
 *
 * @example
 * ```js
 * import { add, tensor } from "lovasz";
 *
 * console.log(add(tensor([[1, 2], [3, 4]]), tensor([10, 20])).toArray()); // [ [ 11, 22 ], [ 13, 24 ] ]
 * ```
 */
export function add(a: Tensor | number, b: Tensor | number): Tensor {
  return binary("add(a, b)", a, b, "add_f32", () => (upstream, needs) => needs.map((need) => (need ? alias(upstream) : null)));
}
