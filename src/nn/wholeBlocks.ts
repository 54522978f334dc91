// Networks that halve planes several times take pictures of any size: padded to whole blocks, and cropped afterwards.
import { LovaszError } from "../errors.js";
import { operand } from "../ops/operand.js";
import { pad } from "../ops/pad.js";
import { rgbaHint } from "../tensor/rgba.js";
import { tidy } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** The largest seed of a network, whose layers take a thousand seeds each. */
export const MAX_SEED = 2 ** 42;

/**
 * The logits of `network` for images `input` [B, channels, H, W], which it gets with zeros at the right and bottom up to multiples of
 * `block`. `name` is that of the network, for messages.
 */
export function onMultiplesOf(name: string, block: number, channels: number, input: Tensor, network: (padded: Tensor) => Tensor): Tensor {
  const { shape } = operand(name, input, "input");
  const [height, width] = shape.slice(-2);
  if (shape.length !== 4 || shape[1] !== channels || height === 0 || width === 0) {
    const expected = `expected [B, ${channels}, H, W] of at least a pixel`;
    throw new LovaszError("shape", `${name}: the input has shape ${show(shape)}, ${expected}${rgbaHint(shape, channels)}`);
  }
  const [right, bottom] = [width, height].map((extent) => (block - (extent % block)) % block);
  if (right === 0 && bottom === 0) return network(input);
  return tidy(() => pad(network(pad(input, [0, right, 0, bottom])), [0, -right, 0, -bottom]));
}
