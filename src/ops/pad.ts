import { LovaszError } from "../errors.js";
import { describe, integer, isList } from "../options.js";
import { show } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { scratch, viewI32 } from "../wasm/memory.js";
import { planeSizes } from "./planes.js";

// the kernel uses 32-bit sizes
const MAX_MARGIN = 2 ** 28;

/**
 * The planes of a tensor [..., H, W] with margins of zeros: `margins` is `[left, right, top, bottom]` in pixels, as in PyTorch's
 * `functional.pad`. Negative numbers crop, at most the whole plane. Throws `LovaszError` "shape", "option" or "memory".
 *
 * @example
 * ```js
 * import { pad, tensor } from "lovasz";
 *
 * console.log(pad(tensor([[1, 2]]), [1, -1, 0, 1]).toArray()); // [ [ 0, 1 ], [ 0, 0 ] ]
 * ```
 */
export function pad(a: Tensor, margins: readonly [left: number, right: number, top: number, bottom: number]): Tensor {
  const call = "pad(a, margins)";
  const { planes, height, width } = planeSizes(call, a);
  const own = marginsOf(call, margins);
  const [left, right, top, bottom] = own;
  if (height + Math.min(top, 0) + Math.min(bottom, 0) < 0 || width + Math.min(left, 0) + Math.min(right, 0) < 0) {
    throw new LovaszError("shape", `${call}: margins is ${show(own)}, which crops more than the ${height} x ${width} pixels of the planes`);
  }
  const outShape = [...a.shape.slice(0, -2), top + height + bottom, left + width + right];
  const out = padded(a, own, planes, height, width, outShape);
  return record(out, [a], [], () => (upstream) => {
    const [outHeight, outWidth] = outShape.slice(-2);
    const inverse = own.map((margin) => -margin);
    return [padded(upstream, inverse, planes, outHeight, outWidth, a.shape)];
  });
}

function marginsOf(call: string, margins: unknown): number[] {
  const own: unknown[] = isList(margins) ? Array.from(margins) : [];
  if (own.length !== 4) {
    throw new LovaszError("option", `${call}: margins is ${describe(margins)}, expected [left, right, top, bottom]`);
  }
  return own.map((margin, i) => integer(call, `margins[${i}]`, margin ?? null, 0, -MAX_MARGIN, MAX_MARGIN));
}

function padded(a: Tensor, margins: readonly number[], planes: number, height: number, width: number, outShape: readonly number[]): Tensor {
  const pointer = a.pointer;
  return scratch([16], (at) => {
    const out = Tensor.empty(outShape);
    viewI32(at, 4).set(margins);
    if (out.size > 0) kernels.pad_f32(pointer, out.pointer, planes, height, width, at);
    return out;
  });
}
