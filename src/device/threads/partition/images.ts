// The mean of the losses of several images: each worker computes those of some of the images, and knows how many the batch has.
import type { ValueAndGrad } from "../../../losses/valueAndGrad.js";
import type { Call } from "../call.js";
import { allSettled } from "../pool/allSettled.js";
import type { Pool } from "../pool/Pool.js";
import { HeldCall } from "./HeldCall.js";
import type { Partition } from "./partition.js";
import { ranges } from "./ranges.js";

export const images: Partition = {
  applies: ({ isMeanOfImages }, { pool }) => isMeanOfImages && pool.size > 1,
  plan: (call, { pool, heap }) => {
    const held = new HeldCall(call, heap);
    return { run: () => run(held, pool), held: () => held, free: () => held.free() };
  },
};

async function run(held: HeldCall, pool: Pool): Promise<ValueAndGrad> {
  const { name, shape, images, options, out } = held.call;
  const gradient = held.gradientSpace();
  const chunks = ranges(images, Math.min(pool.size, images));
  const tasks = chunks.map(([from, to], workerIndex) => {
    const own = <T extends Numbers>(values: T) => sent(held, imagesFrom(values, images, from, to));
    const shapeOfChunk = shape.length < 2 ? shape : [to - from, ...shape.slice(1)];
    return pool.run(
      {
        kind: "loss",
        loss: name,
        input: own(held.input),
        labels: own(held.labels),
        options: { ...options, shape: shapeOfChunk, ...(held.weights && { pixelWeights: own(held.weights) }) },
        factor: 1,
        images,
        into: gradient && imagesFrom(gradient, images, from, to),
      },
      workerIndex,
    );
  });
  const outcomes = await allSettled(tasks);
  const grad = out ?? new Float32Array(held.input.length);
  if (gradient) grad.set(gradient);
  else chunks.forEach(([from], i) => void grad.set(outcomes[i].array as Float32Array, (grad.length / images) * from));
  // in the order of the images, and then to a float32, as on one thread
  const value = outcomes.flatMap(({ shares }) => shares).reduce((sum, share) => sum + share, 0);
  return { value: Math.fround(value), grad };
}

type Numbers = Call["labels"];

function imagesFrom<T extends Numbers>(values: T, images: number, from: number, to: number): T {
  const each = values.length / images;
  return values.subarray(from * each, to * each) as T;
}

// postMessage clones the whole buffer around a subarray, unless that is shared
const sent = <T extends Numbers>({ shared }: HeldCall, values: T): T => (shared ? values : (values.slice() as T));
