import { tidy } from "../tensor/scope.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { windowsOf } from "./planes.js";

/**
 * The largest element of each `size` x `size` window. Windows do not overlap; pixels at the right and bottom that fill no window are left out.
 *
 * @example
 * ```js
 * import { maxPool2d, tensor } from "lovasz";
 *
 * console.log(maxPool2d(tensor([[1, 2], [3, 4]]), 2).toArray()); // [ [ 4 ] ]
 * ```
 */
export function maxPool2d(a: Tensor, size: number): Tensor {
  const { planes, height, width, rows, columns, outShape } = windowsOf("maxPool2d(a, size)", a, size);
  return tidy(() => {
    const pointer = a.pointer;
    const out = Tensor.empty(outShape);
    const index = Tensor.empty(outShape);
    kernels.maxPool2d_f32(pointer, out.pointer, index.pointer, planes, height, width, size);
    return record(out, [a], [index], (at) => (upstream) => {
      const gradient = Tensor.empty(a.shape);
      kernels.maxPool2dGrad_f32(upstream.pointer, at.pointer, gradient.pointer, planes, rows * columns, height * width);
      return [gradient];
    });
  });
}
