import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
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
  kernels.neg_f32(pointer, out.pointer, a.size);
  return record(out, [a], [], () => (upstream) => [neg(upstream)]);
}
