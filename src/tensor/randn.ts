import { flag, integer, knownOptions } from "../options.js";
import { normal } from "../random.js";
import type { TensorOptions } from "./full.js";
import { checkShape, type Shape } from "./shape.js";
import { Tensor } from "./tensor.js";

/** Options of `randn`. */
export interface RandnOptions extends TensorOptions {
  /** The seed: equal seeds give equal numbers on every machine. Default 0. */
  seed?: number;
}

/**
 * A tensor of `shape` of random numbers from the standard normal distribution.
 *
 * @example
 * ```js
 * import { randn } from "lovasz";
 *
 * const weights = randn([64, 3, 3, 3], { seed: 1 });
 * console.log(weights.shape); // [ 64, 3, 3, 3 ]
 * ```
 */
export function randn(shape: Shape, options: RandnOptions = {}): Tensor {
  const call = "randn(shape, options)";
  const extents = checkShape(call, shape);
  knownOptions(call, options, ["seed", "requiresGrad"]);
  const next = normal(integer(call, "seed", options.seed, 0));
  const requiresGrad = flag(call, "requiresGrad", options.requiresGrad, false);
  const made = Tensor.empty(extents);
  const { data } = made;
  for (let i = 0; i < data.length; i++) data[i] = next();
  made.requiresGrad = requiresGrad;
  return made;
}
