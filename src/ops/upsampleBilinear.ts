import { flag, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
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
  const own = { argument: 7, bytes: 8 * scale * (height + 2 * width) + 8 };
  const [inner, outer] = [height * width, height * width * scale * scale];
  const work = { count: a.size === 0 ? 0 : planes, cost: 2 * outer, own };
  const pointer = a.pointer;
  const out = tidy(() => {
    const made = Tensor.empty(outShape);
    parallel("upsampleBilinear_f32", work, (from, count) => {
      return [pointer + 4 * from * inner, made.pointer + 4 * from * outer, count, height, width, scale, alignCorners, 0];
    });
    return made;
  });
  return record(out, [a], [], () => (upstream) => {
    const gradient = Tensor.empty(a.shape);
    parallel("upsampleBilinearGrad_f32", work, (from, count) => {
      return [upstream.pointer + 4 * from * outer, gradient.pointer + 4 * from * inner, count, height, width, scale, alignCorners, 0];
    });
    return [gradient];
  });
}
