import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { sizeOf } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewI32 } from "../wasm/memory.js";
import { operand } from "./operand.js";

/**
 * Selects entries along the first axis by `index`: a[index[0]], a[index[1]], ...
 *
 * @example
 * ```js
 * import { gather, tensor } from "lovasz";
 *
 * console.log(gather(tensor([[1, 2], [3, 4], [5, 6]]), [2, 0]).toArray()); // [ [ 5, 6 ], [ 1, 2 ] ]
 * ```
 */
export function gather(a: Tensor, index: ArrayLike<number>): Tensor {
  const call = "gather(a, index)";
  operand(call, a);
  const [extent, ...entryShape] = a.shape;
  const entries = readIndex(call, index, extent);
  const width = sizeOf(entryShape);
  return tidy(() => {
    const pointer = a.pointer;
    const where = Tensor.empty([entries.length]);
    viewI32(where.pointer, entries.length).set(entries);
    const out = Tensor.empty([entries.length, ...entryShape]);
    kernels.gather_f32(pointer, where.pointer, out.pointer, entries.length, width);
    return record(out, [a], [where], (at) => (upstream) => {
      const gradient = Tensor.empty(a.shape);
      kernels.fill_f32(0, gradient.pointer, gradient.size);
      kernels.scatterAdd_f32(upstream.pointer, at.pointer, gradient.pointer, at.size, width);
      return [gradient];
    });
  });
}

// checks a copy of `index`: the kernels must not see what the user's array or its getters return later
function readIndex(call: string, index: ArrayLike<number>, extent: number | undefined): Int32Array {
  if (extent === undefined) throw new LovaszError("shape", `${call}: the tensor has no axes, expected at least one`);
  if (!isList(index)) {
    throw new LovaszError("shape", `${call}: index is ${describe(index)}, expected an array of whole numbers`);
  }
  const copy = new Int32Array(index.length);
  for (let i = 0; i < copy.length; i++) {
    const entry: unknown = index[i];
    if (Number.isInteger(entry) && (entry as number) >= 0 && (entry as number) < extent) {
      copy[i] = entry as number;
      continue;
    }
    const entries = extent === 0 ? "is empty" : `has entries 0..${extent - 1}`;
    throw new LovaszError("shape", `${call}: index[${i}] is ${describe(entry)}, but the first axis ${entries}`);
  }
  return copy;
}
