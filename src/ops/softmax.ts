import { around, checkAxis } from "../tensor/shape.js";
import { overwriting, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
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

// what a number takes, in elements that are read or written
const COST = 8;

/** Shared by `softmax` and `logSoftmax`. */
export function softmaxAlong(call: string, a: Tensor, axis: number, logarithm: boolean): Tensor {
  const pointer = operand(call, a).pointer;
  const { outer, n, inner } = around(a.shape, checkAxis(call, axis, a.shape.length));
  const out = Tensor.empty(a.shape);
  const work = { count: out.size > 0 ? outer : 0, cost: COST * n * inner };
  const at = (from: number) => 4 * from * n * inner;
  parallel("softmax_f32", work, (from, count) => [pointer + at(from), out.pointer + at(from), count, n, inner, logarithm]);
  return record(out, [a], [out], (y) => (upstream) => {
    const gradient = overwriting(upstream);
    parallel("softmaxGrad_f32", { count: outer, cost: 3 * n * inner }, (from, count) => {
      return [y.pointer + at(from), upstream.pointer + at(from), gradient.pointer + at(from), count, n, inner, logarithm];
    });
    return [gradient];
  });
}
