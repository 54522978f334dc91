import { LovaszError } from "../errors.js";
import { describe, flag, knownOptions } from "../options.js";
import { kernels } from "../wasm/instance.js";
import { checkShape, type Shape } from "./shape.js";
import { Tensor } from "./tensor.js";

/** Options of the functions that create tensors. */
export interface TensorOptions {
  /** Whether `backward()` computes a gradient for this tensor. Default false. */
  requiresGrad?: boolean;
}

/**
 * A tensor of `shape` in which every element is `value`.
 *
 * @example
 * ```js
 * import { full } from "lovasz";
 *
 * console.log(full([2, 2], 7).toArray()); // [ [ 7, 7 ], [ 7, 7 ] ]
 * ```
 */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  const call = "full(shape, value)";
  const extents = checkShape(call, shape);
  if (typeof value !== "number") throw new LovaszError("option", `${call}: value is ${describe(value)}, expected a number`);
  knownOptions(call, options, ["requiresGrad"]);
  const requiresGrad = flag(call, "requiresGrad", options.requiresGrad, false);
  const made = Tensor.empty(extents);
  kernels.fill_f32(value, made.pointer, made.size);
  made.requiresGrad = requiresGrad;
  return made;
}
