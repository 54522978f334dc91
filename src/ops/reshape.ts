import { LovaszError } from "../errors.js";
import { checkShape, type Shape, show, sizeOf } from "../tensor/shape.js";
import { alias, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";

/**
 * The same values in another shape, sharing memory. One extent may be -1: it is inferred from the size.
 *
 * @example
 * ```js
 * import { reshape, tensor } from "lovasz";
 *
 * console.log(reshape(tensor([1, 2, 3, 4]), [2, -1]).toArray()); // [ [ 1, 2 ], [ 3, 4 ] ]
 * ```
 */
export function reshape(a: Tensor, shape: Shape): Tensor {
  const call = "reshape(a, shape)";
  operand(call, a);
  const open = Array.isArray(shape) ? shape.indexOf(-1) : -1;
  const extents = checkShape(call, open < 0 ? shape : shape.map((extent, at) => (at === open ? 1 : extent)));
  const known = sizeOf(extents);
  if (open >= 0) extents[open] = known === 0 ? 0 : a.size / known;
  if (!Number.isInteger(extents[open] ?? 0) || sizeOf(extents) !== a.size) {
    throw new LovaszError("shape", `${call}: ${show(a.shape)} has ${a.size} elements, which do not fill ${show(shape)}`);
  }
  const out = new Tensor(extents, a.storage.retain());
  return record(out, [a], [], () => (upstream) => [alias(upstream, a.shape)]);
}
