import { LovaszError } from "../errors.js";
import { tidy } from "../tensor/scope.js";
import { around, show, sizeOf } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
import { operand } from "./operand.js";
import { reshape } from "./reshape.js";
import { type Axes, resolveAxes } from "./sum.js";
import { transpose } from "./transpose.js";

/**
 * The largest element over `axis`; that axis is removed. Among equal elements, the first gets the gradient. NaN is larger than any
 * number.
 *
 * @example
 * ```js
 * import { max, tensor } from "lovasz";
 *
 * console.log(max(tensor([[1, 5], [4, 2]]), 1).toArray()); // [ 5, 4 ]
 * ```
 */
export function max(a: Tensor, axis?: Axes): Tensor {
  const axes = resolveAxes("max(a, axis)", operand("max(a, axis)", a), axis);
  const count = sizeOf(axes.map((at) => a.shape[at]));
  if (count === 0) {
    throw new LovaszError("shape", `max(a, axis): shape ${show(a.shape)} has no elements along axis ${axes}, expected at least one`);
  }
  return tidy(() => {
    if (axes.length === 1) return maxAlong(a, axes[0]);
    // merges several axes into one, the last
    const kept = a.shape.map((_, at) => at).filter((at) => !axes.includes(at));
    const moved = transpose(a, [...kept, ...axes]);
    return maxAlong(reshape(moved, [...kept.map((at) => a.shape[at]), count]), kept.length);
  });
}

function maxAlong(a: Tensor, axis: number): Tensor {
  const pointer = a.pointer;
  const { outer, n, inner } = around(a.shape, axis);
  const out = Tensor.empty(a.shape.filter((_, at) => at !== axis));
  const index = Tensor.empty(out.shape);
  const [row, whole] = [4 * inner, 4 * n * inner];
  parallel("max_f32", { count: outer, cost: n * inner }, (from, count) => {
    return [pointer + from * whole, out.pointer + from * row, index.pointer + from * row, count, n, inner];
  });
  return record(out, [a], [index], (at) => (upstream) => {
    const gradient = Tensor.empty(a.shape);
    parallel("maxGrad_f32", { count: outer, cost: n * inner }, (from, count) => {
      return [upstream.pointer + from * row, at.pointer + from * row, gradient.pointer + from * whole, count, n, inner];
    });
    return [gradient];
  });
}
