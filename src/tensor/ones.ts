import { full, type TensorOptions } from "./full.js";
import type { Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/**
 * A tensor of `shape` in which every element is 1.
 *
 * @example
 * ```js
 * import { ones } from "lovasz";
 *
 * console.log(ones([2, 2]).toArray()); // [ [ 1, 1 ], [ 1, 1 ] ]
 * ```
 */
export function ones(shape: Shape, options?: TensorOptions): Tensor {
  return full(shape, 1, options);
}
