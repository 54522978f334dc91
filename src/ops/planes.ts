// Shared by the operators on planes, the last two axes.
import { LovaszError } from "../errors.js";
import { integer } from "../options.js";
import { show, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";

// the kernels use 32-bit sizes
const MAX_WINDOW = 2 ** 30;

/** The number and size of the planes of `a`. */
export function planeSizes(call: string, a: Tensor): { planes: number; height: number; width: number } {
  const { shape } = operand(call, a);
  if (shape.length < 2) {
    throw new LovaszError("shape", `${call}: the tensor has shape ${show(shape)}, expected [..., height, width]`);
  }
  return { planes: sizeOf(shape.slice(0, -2)), height: shape[shape.length - 2], width: shape[shape.length - 1] };
}

/** Checks the arguments of a pooling or upsampling, and returns the number and size of its planes. */
export function planesOf(call: string, a: Tensor, name: string, window: number): ReturnType<typeof planeSizes> {
  const sizes = planeSizes(call, a);
  integer(call, name, window ?? null, 1, 1, MAX_WINDOW); // there is no default
  return sizes;
}

/** The same for pooling, whose windows must fit in the planes. */
export function windowsOf(call: string, a: Tensor, size: number) {
  const seen = planesOf(call, a, "size", size);
  if (size > seen.height || size > seen.width) {
    throw new LovaszError("shape", `${call}: a window of ${size} does not fit planes of ${seen.height} x ${seen.width}`);
  }
  const rows = Math.floor(seen.height / size);
  const columns = Math.floor(seen.width / size);
  return { ...seen, rows, columns, outShape: [...a.shape.slice(0, -2), rows, columns] };
}
