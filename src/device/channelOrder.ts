// Moves the classes of a softmax's input from last to second, and back.
import { transpose } from "../ops/transpose.js";
import { tidy } from "../tensor/scope.js";
import { tensor } from "../tensor/tensor.js";

interface Extents {
  readonly images: number;
  readonly classes: number;
  readonly pixels: number;
}

/** `values`, [images, pixels, classes], as [images, classes, pixels]. */
export function channelsSecond(values: Float32Array, { images, classes, pixels }: Extents): Float32Array {
  return swapped(values, [images, pixels, classes]);
}

/** `values`, [images, classes, pixels], as [images, pixels, classes]. */
export function channelsLast(values: Float32Array, { images, classes, pixels }: Extents): Float32Array {
  return swapped(values, [images, classes, pixels]);
}

function swapped(values: Float32Array, shape: [number, number, number]): Float32Array {
  return tidy(() => transpose(tensor(values, shape), [0, 2, 1]).data.slice());
}
