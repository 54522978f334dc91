// Several images: each worker has some of them. Also a call as a whole, for one worker.
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import type { Lender } from "./heap.js";
import type { Pool } from "./pool.js";
import type { Reading } from "./reading.js";
import { settledAll } from "./settled.js";

/** Whether the loss is the mean of the losses of images. */
export function hasImages({ name, perImage, options }: Reading): boolean {
  // the power of a mean is no mean
  return perImage && !(name === "tversky" && options.gamma !== undefined && options.gamma !== 1);
}

/** The loss and gradient by `chunks` workers, each with a share of the images. */
export async function spreadImages(call: Reading, chunks: number, pool: Pool, lender: Lender): Promise<ValueAndGrad> {
  const { name, input, shape, images, labels, weights, options } = call;
  const into = lender.space(input.length);
  const cut = cutter(lender, images);
  const [inputs, labelsOf, weightsOf] = [cut(input), cut(labels), weights && cut(weights)];
  const tasks = ranges(images, chunks).map(([from, to], i) => {
    const shapeOf = shape.length < 2 ? shape : [(shape[0] / images) * (to - from), ...shape.slice(1)];
    return pool.run(
      {
        kind: "loss",
        loss: name,
        input: inputs(from, to),
        labels: labelsOf(from, to),
        options: { ...options, shape: shapeOf, ...(weightsOf && { pixelWeights: weightsOf(from, to) }) },
        factor: 1,
        images: chunks > 1 ? images : null,
        into: into && part(into, images, from, to),
      },
      chunks > 1 ? i : undefined,
    );
  });
  const outcomes = await settledAll(tasks);
  const grad = call.out ?? new Float32Array(input.length);
  if (into) grad.set(into);
  ranges(images, chunks).forEach(([from], i) => {
    const { array } = outcomes[i];
    if (array) grad.set(array, (input.length / images) * from);
  });
  if (chunks === 1) return { value: outcomes[0].value, grad };
  // in the order of the images, and to a float32, as in place
  const value = outcomes.flatMap(({ shares }) => shares).reduce((sum, share) => sum + share, 0);
  return { value: Math.fround(value), grad };
}

/** `count` things in `parts` runs, as even as can be. */
export function ranges(count: number, parts: number): [from: number, to: number][] {
  return Array.from({ length: parts }, (_, i) => [Math.floor((i * count) / parts), Math.floor(((i + 1) * count) / parts)]);
}

type Array1D = Reading["labels"];

function part<T extends Array1D>(values: T, images: number, from: number, to: number): T {
  const each = values.length / images;
  return values.subarray(from * each, to * each) as T;
}

// of memory that is not shared, a part is sent with all that lies around it
function cutter(lender: Lender, images: number) {
  return <T extends Array1D>(values: T) => {
    return (from: number, to: number) => {
      const own = part(values, images, from, to);
      return lender.shared || own.length === values.length ? own : (own.slice() as T);
    };
  };
}
