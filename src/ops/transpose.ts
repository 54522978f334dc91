import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { checkAxis, stridesOf } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { stridedCopy } from "./broadcastTo.js";
import { operand } from "./operand.js";

/**
 * Reorders the axes to `axes`, by default reversed.
 *
 * @example
 * ```js
 * import { tensor, transpose } from "lovasz";
 *
 * console.log(transpose(tensor([[1, 2], [3, 4]])).toArray()); // [ [ 1, 3 ], [ 2, 4 ] ]
 * ```
 */
export function transpose(a: Tensor, axes?: readonly number[]): Tensor {
  const call = "transpose(a, axes)";
  const rank = operand(call, a).shape.length;
  if (axes !== undefined && !Array.isArray(axes)) {
    throw new LovaszError("shape", `${call}: axes is ${describe(axes)}, expected an array such as [1, 0]`);
  }
  const order = (axes ?? a.shape.map((_, at) => rank - 1 - at)).map((axis) => checkAxis(call, axis, rank));
  if (order.length !== rank || new Set(order).size !== rank) {
    throw new LovaszError("shape", `${call}: axes is [${axes}], expected each of 0..${rank - 1} once`);
  }
  const strides = stridesOf(a.shape);
  const out = stridedCopy(
    a,
    order.map((axis) => a.shape[axis]),
    order.map((axis) => strides[axis]),
  );
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return record(out, [a], [], () => (upstream) => [transpose(upstream, inverse)]);
}
