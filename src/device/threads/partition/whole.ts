// What is not cut: the whole call goes to the worker with the fewest tasks. One image of one class is not cut to be sorted, as it takes
// each worker about as long to pick its share of the pixels as to sort them all.
import type { ValueAndGrad } from "../../../losses/valueAndGrad.js";
import type { Pool } from "../pool/Pool.js";
import { HeldCall } from "./HeldCall.js";
import type { Partition } from "./partition.js";

export const whole: Partition = {
  applies: () => true,
  plan: (call, { pool, heap }) => {
    const held = new HeldCall(call, heap);
    return { run: () => run(held, pool), held: () => held, free: () => held.free() };
  },
};

async function run(held: HeldCall, pool: Pool): Promise<ValueAndGrad> {
  const { call, input, labels, weights: pixelWeights } = held;
  const options = { ...call.options, shape: call.shape, ...(pixelWeights && { pixelWeights }) };
  const into = held.gradientSpace();
  const { value, array } = await pool.run({ kind: "loss", loss: call.name, input, labels, options, factor: 1, images: null, into });
  const grad = call.out ?? new Float32Array(input.length);
  grad.set((into ?? array) as Float32Array);
  return { value, grad };
}
