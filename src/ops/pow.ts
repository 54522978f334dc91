import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { overwriting, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { elementwise } from "./elementwise.js";
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
  elementwise("pow_f32", a.size, (at, n) => [pointer + at, exponent, out.pointer + at, n]);
  return record(out, [a], [a], (x) => (upstream) => {
    const gradient = overwriting(upstream);
    elementwise("powGrad_f32", x.size, (at, n) => [x.pointer + at, exponent, upstream.pointer + at, gradient.pointer + at, n]);
    return [gradient];
  });
}
