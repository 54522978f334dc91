import { flag, integer, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { checkAxis } from "../tensor/shape.js";
import { noGrad, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { scratch, viewI32 } from "../wasm/memory.js";
import { operand } from "./operand.js";
import { transpose } from "./transpose.js";

/** Options of `sort` and `argsort`. */
export interface SortOptions {
  /** The axis to sort along. Default: the last. */
  axis?: number;
  /** Whether to sort the largest element first. Default false. */
  descending?: boolean;
}

/**
 * Sorts the elements along an axis. The sort is stable; -0 equals 0, and NaN is greater than any number.
 *
 * @example
 * ```js
 * import { sort, tensor } from "lovasz";
 *
 * console.log(sort(tensor([3, 1, 2]), { descending: true }).toArray()); // [ 3, 2, 1 ]
 * ```
 */
export function sort(a: Tensor, options: SortOptions = {}): Tensor {
  return tidy(() => {
    const { axis, values, index } = sorted("sort(a, options)", a, options);
    return record(values, [a], [index], (at) => (upstream) => {
      const rows = transpose(upstream, swapped(upstream, axis));
      const gradient = Tensor.empty(rows.shape);
      const n = rows.shape.at(-1) as number;
      kernels.fill_f32(0, gradient.pointer, gradient.size);
      for (let row = 0; row < rows.size; row += n) {
        kernels.scatterAdd_f32(rows.pointer + 4 * row, at.pointer + 4 * row, gradient.pointer + 4 * row, n, 1);
      }
      return [transpose(gradient, swapped(upstream, axis))];
    });
  });
}

/**
 * The index along the axis of each element of `sort(a, options)`, in the shape of `a` and in C order.
 *
 * @example
 * ```js
 * import { argsort, tensor } from "lovasz";
 *
 * console.log(argsort(tensor([3, 1, 2]))); // Int32Array(3) [ 1, 2, 0 ]
 * ```
 */
export function argsort(a: Tensor, options: SortOptions = {}): Int32Array {
  return tidy(() => {
    const { axis, index } = sorted("argsort(a, options)", a, options);
    // the tensor holds int32 bit patterns, which a transpose moves unchanged
    const moved = transpose(index, swapped(a, axis));
    return viewI32(moved.pointer, moved.size).slice();
  });
}

// the values in the shape of `a`, and the indices with the sorted axis moved to the end; call it within `tidy`
function sorted(call: string, a: Tensor, options: SortOptions): { axis: number; values: Tensor; index: Tensor } {
  operand(call, a);
  knownOptions(call, options, ["axis", "descending"]);
  const axis = checkAxis(call, integer(call, "axis", options.axis, a.shape.length - 1), a.shape.length);
  const descending = flag(call, "descending", options.descending, false);
  return noGrad(() => {
    const rows = transpose(a, swapped(a, axis));
    const n = rows.shape.at(-1) as number;
    const out = Tensor.empty(rows.shape);
    const index = Tensor.empty(rows.shape);
    scratch([8 * n, 8 * n, COUNTER_BYTES], (records, copy, counters) => {
      const [from, to, order] = [rows.pointer, out.pointer, index.pointer];
      for (let at = 0; at < 4 * rows.size; at += 4 * n) {
        kernels.sort_f32(from + at, to + at, order + at, n, descending, records, copy, counters);
      }
    });
    return { axis, values: transpose(out, swapped(a, axis)), index };
  });
}

/** The bytes of counters that the radix sorts of the core need: three digits of 2,048 u32, or two of 4,096. */
export const COUNTER_BYTES = kernels.COUNTER_BYTES.value;

// the order of axes with `axis` and the last one exchanged, which is its own inverse
function swapped(a: Tensor, axis: number): number[] {
  const order = [...a.shape.keys()];
  const last = order.length - 1;
  [order[axis], order[last]] = [order[last], order[axis]];
  return order;
}
