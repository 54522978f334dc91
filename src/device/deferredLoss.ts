// A loss that a device computes, in the graph of its input.
import type { ValueAndGrad } from "../losses/valueAndGrad.js";
import { tidy, untrack } from "../tensor/scope.js";
import type { Shape } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";

/**
 * A scalar tensor in the graph of `logits`, once `compute` has its value and gradient. The graph is recorded at once, so that
 * `logits` may be disposed of meanwhile, as after any operator.
 */
export async function deferredLoss(logits: Tensor, compute: (input: Float32Array, shape: Shape) => Promise<ValueAndGrad>): Promise<Tensor> {
  const input = logits.copy();
  const { gradient, out } = tidy(() => ({ gradient: Tensor.empty(logits.shape), out: Tensor.empty([]) }));
  // a tidy that is running now must not free what is used later
  for (const made of [gradient, out]) untrack(made);
  record(out, [logits], [gradient], (saved) => (upstream) => {
    const scaled = Tensor.empty(saved.shape);
    kernels.scale_f32(saved.pointer, upstream.item(), scaled.pointer, scaled.size);
    return [scaled];
  });
  try {
    const { value, grad } = await compute(input, logits.shape);
    gradient.data.set(grad);
    out.data[0] = value;
    return out;
  } catch (error) {
    out.dispose();
    throw error;
  } finally {
    gradient.dispose();
  }
}
