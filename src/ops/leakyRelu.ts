import { finite } from "../options.js";
import { overwriting, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { elementwise } from "./elementwise.js";
import { operand } from "./operand.js";

/**
 * Each element where it is above 0, otherwise `slope` times it; its gradient at 0 is `slope`. `slope` is PyTorch's `negative_slope`, any
 * finite number, by default 0.01. Throws `LovaszError` "shape" or "option".
 *
 * @example
 * ```js
 * import { leakyRelu, tensor } from "lovasz";
 *
 * console.log(leakyRelu(tensor([-2, 2]), 0.25).toArray()); // [ -0.5, 2 ]
 * ```
 */
export function leakyRelu(a: Tensor, slope = 0.01): Tensor {
  const call = "leakyRelu(a, slope)";
  const pointer = operand(call, a).pointer;
  const factor = finite(call, "slope", slope, 0.01);
  const out = Tensor.empty(a.shape);
  elementwise("leakyRelu_f32", a.size, (at, n) => [pointer + at, factor, out.pointer + at, n]);
  // the output has the signs of the input, and is what the next operator saves, too
  return record(out, [a], [factor < 0 ? a : out], (saved) => (upstream) => {
    const gradient = overwriting(upstream);
    elementwise("leakyReluGrad_f32", saved.size, (at, n) => {
      return [saved.pointer + at, factor, upstream.pointer + at, gradient.pointer + at, n];
    });
    return [gradient];
  });
}
