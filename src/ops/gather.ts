import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { sizeOf } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewI32 } from "../wasm/memory.js";
import { operand } from "./operand.js";

/** The entries of the first axis that `index` names, in its order: a[index[0]], a[index[1]], ... */
export function gather(a: Tensor, index: ArrayLike<number>): Tensor {
  const call = "gather(a, index)";
  operand(call, a);
  const [extent, ...rest] = a.shape;
  checkIndex(call, index, extent);
  const width = sizeOf(rest);
  return tidy(() => {
    const pointer = a.pointer;
    const where = Tensor.empty([index.length]);
    viewI32(where.pointer, index.length).set(index);
    const out = Tensor.empty([index.length, ...rest]);
    kernels.gather_f32(pointer, where.pointer, out.pointer, index.length, width);
    return record(out, [a], [where], (at) => (upstream) => {
      const gradient = Tensor.empty(a.shape);
      kernels.fill_f32(0, gradient.pointer, gradient.size);
      kernels.scatterAdd_f32(upstream.pointer, at.pointer, gradient.pointer, at.size, width);
      return [gradient];
    });
  });
}

function checkIndex(call: string, index: ArrayLike<number>, extent: number | undefined): void {
  if (extent === undefined) throw new LovaszError("shape", `${call}: the tensor has no axes, expected at least one`);
  if (!isList(index)) {
    throw new LovaszError("shape", `${call}: index is ${describe(index)}, expected an array of whole numbers`);
  }
  for (let i = 0; i < index.length; i++) {
    if (!(Number.isInteger(index[i]) && index[i] >= 0 && index[i] < extent)) {
      const entries = extent === 0 ? "is empty" : `has entries 0..${extent - 1}`;
      throw new LovaszError("shape", `${call}: index[${i}] is ${describe(index[i])}, but the first axis ${entries}`);
    }
  }
}
