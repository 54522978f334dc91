import { tidy } from "../tensor/scope.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
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
    const [inner, outer] = [rows * columns, height * width];
    parallel("maxPool2d_f32", { count: planes, cost: outer }, (from, count) => {
      const at = 4 * from * inner;
      return [pointer + 4 * from * outer, out.pointer + at, index.pointer + at, count, height, width, size];
    });
    return record(out, [a], [index], (at) => (upstream) => {
      const gradient = Tensor.empty(a.shape);
      parallel("maxPool2dGrad_f32", { count: planes, cost: outer }, (from, count) => {
        const start = 4 * from * inner;
        return [upstream.pointer + start, at.pointer + start, gradient.pointer + 4 * from * outer, count, inner, outer];
      });
      return [gradient];
    });
  });
}
