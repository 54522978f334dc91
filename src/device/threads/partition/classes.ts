// Lovász-Softmax of all images as one group, where the cores of the workers cannot share memory, or of probabilities: each worker computes
// the losses of some of the classes, and their gradients are added up. That rounds otherwise than the loss on one thread.
import type { ValueAndGrad } from "../../../losses/valueAndGrad.js";
import type { SoftmaxSettings } from "../call.js";
import { allSettled } from "../pool/allSettled.js";
import type { Pool } from "../pool/Pool.js";
import { HeldCall } from "./HeldCall.js";
import type { Partition } from "./partition.js";

export const classes: Partition = {
  applies: ({ isMeanOfImages, softmax }, { pool }) => pool.size > 1 && !isMeanOfImages && softmax !== null && softmax.chosen.length > 1,
  plan: (call, { pool, heap }) => {
    const held = new HeldCall(call, heap);
    return { run: () => run(held, pool), held: () => held, free: () => held.free() };
  },
};

async function run(held: HeldCall, pool: Pool): Promise<ValueAndGrad> {
  const { call, input, labels, weights } = held;
  const { chosen } = call.softmax as SoftmaxSettings;
  const tasks = dealt(chosen, Math.min(pool.size, chosen.length)).map(async (classes, workerIndex) => {
    const options = { ...call.options, shape: call.shape, classes, perImage: false, ...(weights && { pixelWeights: weights }) };
    const factor = classes.length / chosen.length;
    const into = held.gradientSpace();
    const task = { kind: "loss", loss: call.name, input, labels, options, factor, images: null, into } as const;
    const { value, array } = await pool.run(task, workerIndex);
    return { value, gradient: (into ?? array) as Float32Array };
  });
  const [first, ...later] = await allSettled(tasks);
  const grad = call.out ?? new Float32Array(input.length);
  grad.set(first.gradient);
  for (const { gradient } of later) for (let i = 0; i < grad.length; i++) grad[i] += gradient[i];
  return { value: Math.fround(later.reduce((sum, { value }) => sum + value, first.value)), grad };
}

// like cards, so that large classes, which often come first, go to different workers
function dealt(classes: readonly number[], hands: number): number[][] {
  return Array.from({ length: hands }, (_, hand) => classes.filter((_, i) => i % hands === hand));
}
