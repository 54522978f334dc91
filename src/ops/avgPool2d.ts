import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
import { windowsOf } from "./planes.js";

/**
 * The mean of each `size` x `size` window. Windows do not overlap; pixels at the right and bottom that fill no window are left out.
 *
 * @example
 * ```js
 * import { avgPool2d, tensor } from "lovasz";
 *
 * console.log(avgPool2d(tensor([[1, 2], [3, 4]]), 2).toArray()); // [ [ 2.5 ] ]
 * ```
 */
export function avgPool2d(a: Tensor, size: number): Tensor {
  const { planes, height, width, rows, columns, outShape } = windowsOf("avgPool2d(a, size)", a, size);
  const share = 1 / (size * size);
  const pointer = a.pointer;
  const out = Tensor.empty(outShape);
  const [inner, outer] = [rows * columns, height * width];
  parallel("sumPool2d_f32", { count: planes, cost: outer }, (from, count) => {
    return [pointer + 4 * from * outer, out.pointer + 4 * from * inner, count, height, width, size, share];
  });
  return record(out, [a], [], () => (upstream) => {
    const gradient = Tensor.empty(a.shape);
    parallel("upsampleNearest_f32", { count: planes, cost: outer }, (from, count) => {
      return [upstream.pointer + 4 * from * inner, gradient.pointer + 4 * from * outer, count, height, width, size, share];
    });
    return [gradient];
  });
}
