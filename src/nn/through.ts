import type { Tensor } from "../tensor/tensor.js";

/**
 * The result of `layer` for `input`, which is freed afterwards unless it is kept: the tape holds its own handles on what the backward pass
 * reads, and a prediction needs no more than what a later layer reads.
 */
export function through(input: Tensor, isKept: (one: Tensor) => boolean, layer: (input: Tensor) => Tensor): Tensor {
  const out = layer(input);
  if (out !== input && !isKept(input)) input.dispose();
  return out;
}
