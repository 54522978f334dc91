import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
import { planesOf } from "./planes.js";

/**
 * Enlarges planes by repeating every pixel in a square of `scale` x `scale`.
 *
 * @example
 * ```js
 * import { tensor, upsampleNearest } from "lovasz";
 *
 * console.log(upsampleNearest(tensor([[1, 2]]), 2).toArray()); // [ [ 1, 1, 2, 2 ], [ 1, 1, 2, 2 ] ]
 * ```
 */
export function upsampleNearest(a: Tensor, scale: number): Tensor {
  const { planes, height, width } = planesOf("upsampleNearest(a, scale)", a, "scale", scale);
  const pointer = a.pointer;
  const out = Tensor.empty([...a.shape.slice(0, -2), height * scale, width * scale]);
  const [inner, outer] = [height * width, height * width * scale * scale];
  parallel("upsampleNearest_f32", { count: planes, cost: outer }, (from, count) => {
    return [pointer + 4 * from * inner, out.pointer + 4 * from * outer, count, height * scale, width * scale, scale, 1];
  });
  return record(out, [a], [], () => (upstream) => {
    const gradient = Tensor.empty(a.shape);
    parallel("sumPool2d_f32", { count: planes, cost: outer }, (from, count) => {
      return [upstream.pointer + 4 * from * outer, gradient.pointer + 4 * from * inner, count, height * scale, width * scale, scale, 1];
    });
    return [gradient];
  });
}
