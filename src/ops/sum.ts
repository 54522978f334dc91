import { LovaszError } from "../errors.js";
import { checkAxis } from "../tensor/shape.js";
import { alias, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { broadcastTo } from "./broadcastTo.js";
import { elementwise } from "./elementwise.js";
import { operand } from "./operand.js";
import { sumAxes } from "./sumAxes.js";

/** One axis, several axes, or (undefined) all of them. Negative ones count from the last. */
export type Axes = number | readonly number[] | undefined;

/**
 * The sum over `axis`, accumulated in float64; that axis is removed.
 *
 * @example
 * ```js
 * import { sum, tensor } from "lovasz";
 *
 * console.log(sum(tensor([[1, 2], [3, 4]]), 1).toArray()); // [ 3, 7 ]
 * ```
 */
export function sum(a: Tensor, axis?: Axes): Tensor {
  const axes = resolveAxes("sum(a, axis)", operand("sum(a, axis)", a), axis);
  return reduced(a, axes, 1);
}

/** The sum over `axes` times `factor`, in the graph. */
export function reduced(a: Tensor, axes: readonly number[], factor: number): Tensor {
  const out = sumAxes(a, axes, factor);
  return record(out, [a], [], () => (upstream) => {
    // restores the removed axes with extent 1, then repeats along them
    const kept = a.shape.map((extent, at) => (axes.includes(at) ? 1 : extent));
    const column = alias(upstream, kept);
    const wide = broadcastTo(column, a.shape);
    if (wide !== column && factor === 1) return [wide];
    const gradient = Tensor.empty(a.shape);
    elementwise("scale_f32", a.size, (at, n) => [wide.pointer + at, factor, gradient.pointer + at, n]);
    return [gradient];
  });
}

/** Checks `axis` and returns it as an ascending list of axes of `a`. */
export function resolveAxes(call: string, a: Tensor, axis: Axes): number[] {
  if (axis === undefined) return a.shape.map((_, at) => at);
  const axes = (Array.isArray(axis) ? axis : [axis]).map((at) => checkAxis(call, at, a.shape.length));
  if (new Set(axes).size !== axes.length) {
    throw new LovaszError("shape", `${call}: axis names one axis twice in [${axis}]`);
  }
  return axes.sort((x, y) => x - y);
}
