// What every device can fall back on: the calls of a device, on this thread's own WebAssembly core.
import type { Labels } from "../losses/labels.js";
import { type ValueAndGrad, type ValueAndGradOptions, valueAndGrad as valueAndGradOf } from "../losses/valueAndGrad.js";
import { cumsum as cumsumOf } from "../ops/cumsum.js";
import { sort as sortOf } from "../ops/sort.js";
import { tidy } from "../tensor/scope.js";
import { tensor } from "../tensor/tensor.js";
import type { Loss } from "./device.js";

/** See `Device.valueAndGrad`. */
export function valueAndGrad(loss: Loss, input: Float32Array, labels: Labels, options: ValueAndGradOptions | undefined): ValueAndGrad {
  return valueAndGradOf<Labels>(loss)(input, labels, options);
}

/** See `Device.sort`. */
export function sort(values: Float32Array, descending: boolean): Float32Array {
  return tidy(() => sortOf(tensor(values), { descending }).data.slice());
}

/** See `Device.cumsum`. */
export function cumsum(values: Float32Array): Float32Array {
  return tidy(() => cumsumOf(tensor(values), 0).data.slice());
}
