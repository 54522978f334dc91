import { full, type TensorOptions } from "./full.js";
import type { Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/**
 * A tensor of `shape` in which every element is 0.
 *
 * @example
 * ```js
 * import { zeros } from "lovasz";
 *
 * console.log(zeros([2, 2]).toArray()); // [ [ 0, 0 ], [ 0, 0 ] ]
 * ```
 */
export function zeros(shape: Shape, options?: TensorOptions): Tensor {
  return full(shape, 0, options);
}
