import { around, checkAxis } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { operand } from "./operand.js";

/**
 * The cumulative sum along `axis`, accumulated in float64.
 *
 * @example
 * ```js
 * import { cumsum, tensor } from "lovasz";
 *
 * console.log(cumsum(tensor([1, 2, 3]), 0).toArray()); // [ 1, 3, 6 ]
 * ```
 */
export function cumsum(a: Tensor, axis: number): Tensor {
  operand("cumsum(a, axis)", a);
  const at = checkAxis("cumsum(a, axis)", axis, a.shape.length);
  return record(running(a, at, false), [a], [], () => (upstream) => [running(upstream, at, true)]);
}

function running(a: Tensor, axis: number, reverse: boolean): Tensor {
  const pointer = a.pointer;
  const out = Tensor.empty(a.shape);
  const { outer, n, inner } = around(a.shape, axis);
  kernels.cumsum_f32(pointer, out.pointer, outer, n, inner, reverse);
  return out;
}
