// What a network makes of a batch.
import { LovaszError } from "../errors.js";
import type { Module } from "../nn/module.js";
import { describe } from "../options.js";
import { sameShape, show } from "../tensor/shape.js";
import { Tensor, tensor } from "../tensor/tensor.js";
import type { Batch } from "./batch.js";

/** The logits [B, C, H, W], with `channels` channels where that is given. Throws `LovaszError` "shape" where the network returns others. */
export function logitsOf(network: Module, { pixels, shape }: Pick<Batch, "pixels" | "shape">, channels: number | null = null): Tensor {
  const logits: unknown = network.forward(tensor(pixels, shape));
  const [count, , ...size] = shape;
  const isTensor = logits instanceof Tensor;
  if (isTensor && logits.shape.length === 4 && sameShape([count, channels ?? logits.shape[1], ...size], logits.shape)) return logits;
  const came = isTensor ? `logits of shape ${show(logits.shape)}` : describe(logits);
  const expected = `[${[count, channels ?? "C", ...size].join(", ")}]`;
  throw new LovaszError("shape", `the network returned ${came} for pixels ${show(shape)}, expected ${expected}`);
}
