import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { overwriting, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { operand } from "./operand.js";

/**
 * Each element to the power of the number `exponent`, which may be infinite but not NaN.
 *
 * @example
 * ```js
 * import { pow, tensor } from "lovasz";
 *
 * console.log(pow(tensor([1, 2, 3]), 2).toArray()); // [ 1, 4, 9 ]
 * ```
 */
export function pow(a: Tensor, exponent: number): Tensor {
  const pointer = operand("pow(a, exponent)", a).pointer;
  if (typeof exponent !== "number" || Number.isNaN(exponent)) {
    throw new LovaszError("option", `pow(a, exponent): exponent is ${describe(exponent)}, expected a number`);
  }
  const out = Tensor.empty(a.shape);
  kernels.pow_f32(pointer, exponent, out.pointer, a.size);
  return record(out, [a], [a], (x) => (upstream) => {
    const gradient = overwriting(upstream);
    kernels.powGrad_f32(x.pointer, exponent, upstream.pointer, gradient.pointer, x.size);
    return [gradient];
  });
}
