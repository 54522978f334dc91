// What leads up in a U-Net, without a copy of what was enlarged.
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";

/**
 * concat([upsampleNearest(a, scale), skip], 1), for `a` [B, C, H, W] and `skip` [B, D, scale H, scale W].
 * @internal
 */
export function joinEnlarged(a: Tensor, skip: Tensor, scale: number): Tensor {
  const [batch, channels, height, width] = a.shape;
  const beside = skip.shape[1];
  const [small, large] = [height * width, height * width * scale * scale];
  const [source, other] = [a.pointer, skip.pointer];
  const out = Tensor.empty([batch, channels + beside, height * scale, width * scale]);
  const image = 4 * (channels + beside) * large;
  for (let b = 0; b < batch; b++) {
    parallel("upsampleNearest_f32", { count: channels, cost: large }, (from, count) => {
      const at = b * channels + from;
      return [source + 4 * at * small, out.pointer + b * image + 4 * from * large, count, height * scale, width * scale, scale, 1];
    });
  }
  const copied = { count: batch, cost: 2 * beside * large };
  const [start, row] = [4 * channels * large, 4 * beside * large];
  parallel("copyBlocks", copied, (from, count) => [other + from * row, row, out.pointer + start + from * image, image, row, count]);
  return record(out, [a, skip], [], () => (upstream, [needsA, needsSkip]) => {
    const gradients = [needsA ? Tensor.empty([batch, channels, height, width]) : null, needsSkip ? Tensor.empty(skip.shape) : null];
    const [byA, bySkip] = gradients;
    for (let b = 0; byA && b < batch; b++) {
      parallel("sumPool2d_f32", { count: channels, cost: large }, (from, count) => {
        const at = b * channels + from;
        const to = byA.pointer + 4 * at * small;
        return [upstream.pointer + b * image + 4 * from * large, to, count, height * scale, width * scale, scale, 1];
      });
    }
    if (bySkip) {
      const from = upstream.pointer + start;
      parallel("copyBlocks", copied, (at, count) => [from + at * image, image, bySkip.pointer + at * row, row, row, count]);
    }
    return gradients;
  });
}
