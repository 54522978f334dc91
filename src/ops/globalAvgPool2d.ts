import { LovaszError } from "../errors.js";
import { show } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { parallel } from "../wasm/parallel.js";
import { broadcastTo } from "./broadcastTo.js";
import { operand } from "./operand.js";

/**
 * The mean of each plane of a tensor [B, C, H, W], accumulated in float64, as [B, C, 1, 1]. The mean of no pixels is NaN. Throws
 * `LovaszError` "shape".
 *
 * @example
 * ```js
 * import { globalAvgPool2d, tensor } from "lovasz";
 *
 * console.log(globalAvgPool2d(tensor([1, 2, 3, 4], [1, 1, 2, 2])).item()); // 2.5
 * ```
 */
export function globalAvgPool2d(a: Tensor): Tensor {
  const call = "globalAvgPool2d(a)";
  const { shape } = operand(call, a);
  if (shape.length !== 4) throw new LovaszError("shape", `${call}: the tensor has shape ${show(shape)}, expected [B, C, H, W]`);
  const [batch, channels, height, width] = shape;
  const share = 1 / (height * width);
  const pointer = a.pointer;
  const out = Tensor.empty([batch, channels, 1, 1]);
  const plane = height * width;
  parallel("sum_f32", { count: batch * channels, cost: plane }, (from, count) => {
    return [pointer + 4 * from * plane, out.pointer + 4 * from, count, plane, 1, share];
  });
  return record(out, [a], [], () => (upstream) => {
    const wide = broadcastTo(upstream, shape);
    const gradient = wide === upstream ? Tensor.empty(shape) : wide;
    kernels.scale_f32(wide.pointer, share, gradient.pointer, gradient.size);
    return [gradient];
  });
}
