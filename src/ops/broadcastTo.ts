import { type Shape, sameShape, sizeOf, stridesOf } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { scratch, viewI32 } from "../wasm/memory.js";
import { sumTo } from "./sumTo.js";

/** `a` repeated along new axes and axes of extent 1 to fill `shape`; `a` itself if it has that shape already. */
export function broadcastTo(a: Tensor, shape: Shape): Tensor {
  if (sameShape(a.shape, shape)) return a;
  const own = stridesOf(a.shape);
  const lead = shape.length - a.shape.length;
  const strides = shape.map((_, axis) => (axis < lead || a.shape[axis - lead] === 1 ? 0 : own[axis - lead]));
  const out = stridedCopy(a, shape, strides);
  return record(out, [a], [], () => (upstream) => [sumTo(upstream, a.shape)]);
}

/** A new tensor of `shape`: its element at an index is the element of `a` at the offset, the sum of index times `strides`. */
export function stridedCopy(a: Tensor, shape: Shape, strides: readonly number[]): Tensor {
  const pointer = a.pointer;
  if (sizeOf(shape) === 0) return Tensor.empty(shape);
  if (shape.length === 0) return copyScalar(pointer, Tensor.empty(shape));
  const bytes = 4 * shape.length;
  return scratch([bytes, bytes, bytes], (extents, steps, counter) => {
    const out = Tensor.empty(shape);
    viewI32(extents, shape.length).set(shape);
    viewI32(steps, shape.length).set(strides);
    kernels.stridedCopy_f32(pointer, out.pointer, shape.length, extents, steps, counter);
    return out;
  });
}

function copyScalar(pointer: number, out: Tensor): Tensor {
  kernels.copyBlocks(pointer, 0, out.pointer, 0, 4, 1);
  return out;
}
