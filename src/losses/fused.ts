// Losses whose kernel yields the value and its gradient at once: the graph keeps the gradient until it is asked for.

import type { Shape } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { type TapeNode, Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";

/**
 * A tensor of `shape` in the graph of `input`, one value for each of equally many rows of it. `compute` gets a pointer to
 * fill with the gradient of each value in its row, and returns the values.
 */
export function fused(input: Tensor, shape: Shape, compute: (gradient: number) => readonly number[]): Tensor {
  const gradient = Tensor.empty(input.shape);
  try {
    const values = compute(gradient.pointer);
    const out = Tensor.empty(shape);
    out.data.set(values);
    record(out, [input], [gradient], (slopes) => (upstream) => {
      const scaled = Tensor.empty(slopes.shape);
      const factors = upstream.data.slice();
      const row = slopes.size / factors.length;
      factors.forEach((factor, i) => {
        kernels.scaleRow_f32(slopes.pointer + 4 * i * row, factor, scaled.pointer + 4 * i * row, row);
      });
      return [scaled];
    });
    if (out.node && out.size === 1) single.add(out.node);
    return out;
  } finally {
    gradient.dispose();
  }
}

// nodes of one value
const single = new WeakSet<TapeNode>();

/** The gradient of `result` by `leaf` where `result` is one value of a fused loss of it: no backward pass is needed, nor a copy. */
export function gradientAt(result: Tensor, leaf: Tensor): Tensor | null {
  const { node } = result;
  return node && single.has(node) && node.inputs[0] === leaf ? node.saved[0] : null;
}
