// Losses whose kernel computes value and gradient together: the graph keeps the gradient for the backward pass.

import type { Shape } from "../tensor/shape.js";
import { alias, record } from "../tensor/tape.js";
import { type TapeNode, Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";

/**
 * A tensor of `shape` in the graph of `input`, whose rows, all equally long, each have one value in it. `compute` writes the
 * gradient of each value to its row behind the pointer `gradient`, and returns the values.
 */
export function fused(input: Tensor, shape: Shape, compute: (gradient: number) => readonly number[]): Tensor {
  const gradient = Tensor.empty(input.shape);
  try {
    const values = compute(gradient.pointer);
    const out = Tensor.empty(shape);
    out.data.set(values);
    record(out, [input], [gradient], (saved) => (upstream) => {
      const factors = upstream.data.slice();
      // as of a loss that is the root of the graph
      if (factors.every((factor) => factor === 1)) return [alias(saved)];
      const scaled = Tensor.empty(saved.shape);
      const row = saved.size / factors.length;
      factors.forEach((factor, i) => {
        const [from, to] = [saved.pointer + 4 * i * row, scaled.pointer + 4 * i * row];
        parallel("scaleRow_f32", { count: row, step: 16 }, (at, count) => [from + 4 * at, factor, to + 4 * at, count]);
      });
      return [scaled];
    });
    if (out.node && out.size === 1) single.add(out.node);
    return out;
  } finally {
    gradient.dispose();
  }
}

// nodes of losses with a single value
const single = new WeakSet<TapeNode>();

/** The gradient of `result` by `leaf` where `result` is the single value of a fused loss of `leaf`; saves the backward pass and a copy. */
export function gradientAt(result: Tensor, leaf: Tensor): Tensor | null {
  const { node } = result;
  return node && single.has(node) && node.inputs[0] === leaf ? node.saved[0] : null;
}
