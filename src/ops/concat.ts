import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { around, checkAxis, sameShape, show } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
import { operand } from "./operand.js";

/**
 * Joins tensors along `axis`; their extents along the other axes must agree.
 *
 * @example
 * ```js
 * import { concat, tensor } from "lovasz";
 *
 * console.log(concat([tensor([[1, 2]]), tensor([[3, 4]])], 0).toArray()); // [ [ 1, 2 ], [ 3, 4 ] ]
 * ```
 */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const call = "concat(tensors, axis)";
  if (!Array.isArray(tensors) || tensors.length === 0) {
    throw new LovaszError("shape", `${call}: tensors is ${describe(tensors)}, expected an array of at least one Tensor`);
  }
  // a copy, as the caller may change the array while the graph lives
  const inputs = tensors.map((one, i) => operand(call, one, `tensors[${i}]`));
  const [first] = inputs;
  const at = checkAxis(call, axis, first.shape.length);
  for (const one of inputs) {
    if (!sameShape(without(one, at), without(first, at)) || one.shape.length !== first.shape.length) {
      throw new LovaszError("shape", `${call}: shapes ${show(first.shape)} and ${show(one.shape)} differ on another axis than ${at}`);
    }
  }
  const total = inputs.reduce((extent, one) => extent + one.shape[at], 0);
  const pointers = inputs.map((one) => one.pointer);
  const out = Tensor.empty(first.shape.map((extent, i) => (i === at ? total : extent)));
  const { outer, inner } = around(out.shape, at);
  const widths = inputs.map((one) => one.shape[at] * inner);
  let start = 0;
  const starts = widths.map((width) => {
    start += width;
    return start - width;
  });
  widths.forEach((width, i) => {
    const to = out.pointer + 4 * starts[i];
    parallel("copyBlocks", { count: outer, cost: 2 * width }, (from, count) => {
      return [pointers[i] + 4 * from * width, 4 * width, to + 4 * from * total * inner, 4 * total * inner, 4 * width, count];
    });
  });
  return record(
    out,
    inputs,
    [],
    () => (upstream, needs) =>
      widths.map((width, i) => {
        if (!needs[i]) return null;
        const gradient = Tensor.empty(inputs[i].shape);
        const start = upstream.pointer + 4 * starts[i];
        parallel("copyBlocks", { count: outer, cost: 2 * width }, (from, count) => {
          return [start + 4 * from * total * inner, 4 * total * inner, gradient.pointer + 4 * from * width, 4 * width, 4 * width, count];
        });
        return gradient;
      }),
  );
}

function without(a: Tensor, axis: number): number[] {
  return a.shape.filter((_, at) => at !== axis);
}
