import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { elementwise } from "./elementwise.js";
import { operand } from "./operand.js";

/**
 * The negative of each element.
 *
 * @example
 * ```js
 * import { neg, tensor } from "lovasz";
 *
 * console.log(neg(tensor([1, -2])).toArray()); // [ -1, 2 ]
 * ```
 */
export function neg(a: Tensor): Tensor {
  const pointer = operand("neg(a)", a).pointer;
  const out = Tensor.empty(a.shape);
  elementwise("neg_f32", a.size, (at, n) => [pointer + at, out.pointer + at, n]);
  return record(out, [a], [], () => (upstream) => [neg(upstream)]);
}
