import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";
import { type Axes, reduced, resolveAxes } from "./sum.js";

/**
 * The mean over `axis`; that axis is removed. The mean of no elements is NaN.
 *
 * @example
 * ```js
 * import { mean, tensor } from "lovasz";
 *
 * console.log(mean(tensor([[1, 2], [3, 4]]), 0).toArray()); // [ 2, 3 ]
 * ```
 */
export function mean(a: Tensor, axis?: Axes): Tensor {
  const axes = resolveAxes("mean(a, axis)", operand("mean(a, axis)", a), axis);
  return reduced(a, axes, 1 / axes.reduce((count, at) => count * a.shape[at], 1));
}
