import { flag, knownOptions } from "../options.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { scratch } from "../wasm/memory.js";
import { planesOf } from "./planes.js";

/** Options of `upsampleBilinear`. */
export interface UpsampleBilinearOptions {
  /**
   * Whether the centres of the pixels in the corners stay in the corners, as PyTorch's `align_corners`. By default all pixels are
   * squares that are enlarged together. Default false.
   */
  alignCorners?: boolean;
}

/**
 * Enlarges the planes of a tensor [..., H, W] to [..., scale H, scale W], between pixels by linear interpolation along both axes.
 * `scale` is a whole number of at least 1. Throws `LovaszError` "shape", "option" or "memory".
 *
 * @example
 * ```js
 * import { tensor, upsampleBilinear } from "lovasz";
 *
 * console.log(upsampleBilinear(tensor([[0, 4]]), 2).toArray()); // [ [ 0, 1, 3, 4 ], [ 0, 1, 3, 4 ] ]
 * ```
 */
export function upsampleBilinear(a: Tensor, scale: number, options: UpsampleBilinearOptions = {}): Tensor {
  const call = "upsampleBilinear(a, scale, options)";
  const { planes, height, width } = planesOf(call, a, "scale", scale);
  knownOptions(call, options, ["alignCorners"]);
  const alignCorners = flag(call, "alignCorners", options.alignCorners, false);
  const outShape = [...a.shape.slice(0, -2), height * scale, width * scale];
  const bytes = a.size === 0 ? 0 : 8 * scale * (height + 2 * width) + 8;
  const pointer = a.pointer;
  const out = scratch([bytes], (taps) => {
    const made = Tensor.empty(outShape);
    kernels.upsampleBilinear_f32(pointer, made.pointer, planes, height, width, scale, alignCorners, taps);
    return made;
  });
  return record(out, [a], [], () => (upstream) => {
    const gradient = scratch([bytes], (taps) => {
      const made = Tensor.empty(a.shape);
      kernels.upsampleBilinearGrad_f32(upstream.pointer, made.pointer, planes, height, width, scale, alignCorners, taps);
      return made;
    });
    return [gradient];
  });
}
