import { around, checkAxis } from "../tensor/shape.js";
import { overwriting, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { operand } from "./operand.js";

/**
 * e^a divided by its sum along `axis`, without overflow for any finite input.
 *
 * @example
 * ```js
 * import { softmax, tensor } from "lovasz";
 *
 * console.log(softmax(tensor([1, 1]), 0).toArray()); // [ 0.5, 0.5 ]
 * ```
 */
export function softmax(a: Tensor, axis: number): Tensor {
  return softmaxAlong("softmax(a, axis)", a, axis, false);
}

/** Shared by `softmax` and `logSoftmax`. */
export function softmaxAlong(call: string, a: Tensor, axis: number, logarithm: boolean): Tensor {
  const pointer = operand(call, a).pointer;
  const { outer, n, inner } = around(a.shape, checkAxis(call, axis, a.shape.length));
  const out = Tensor.empty(a.shape);
  if (out.size > 0) kernels.softmax_f32(pointer, out.pointer, outer, n, inner, logarithm);
  return record(out, [a], [out], (y) => (upstream) => {
    const gradient = overwriting(upstream);
    kernels.softmaxGrad_f32(y.pointer, upstream.pointer, gradient.pointer, outer, n, inner, logarithm);
    return [gradient];
  });
}
