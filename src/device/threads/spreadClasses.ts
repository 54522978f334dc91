// Lovász-Softmax of images together, where memory is not shared or the input is odd: each worker has some of the classes.
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import type { Lender } from "./heap.js";
import type { Pool } from "./pool.js";
import type { Reading } from "./reading.js";
import { settledAll } from "./settled.js";

/** The classes that count, or null where the loss is not one of classes over all images. */
export function chosenClasses({ name, perImage, counts, options }: Reading): readonly number[] | null {
  if (name !== "lovaszSoftmax" || perImage || !counts) return null;
  const all = [...counts.keys()];
  const present = all.filter((c) => counts[c] > 0);
  if (present.length === 0) return null;
  const { classes = "present" } = options;
  return classes === "present" ? present : classes === "all" ? all : Array.from(classes);
}

/** The loss and gradient by workers that each compute the loss of a share of the `chosen` classes; the gradients are summed up. */
export async function spreadClasses(call: Reading, chosen: readonly number[], pool: Pool, lender: Lender): Promise<ValueAndGrad> {
  const { name, input, shape, labels, weights, options } = call;
  const parts = Math.min(pool.size, chosen.length);
  // every other class, so that large ones, which often stand first, are shared
  const shares = Array.from({ length: parts }, (_, part) => chosen.filter((_, i) => i % parts === part));
  const tasks = shares.map((classes, seat) => {
    const own = { ...options, shape, classes, perImage: false, ...(weights && { pixelWeights: weights }) };
    const into = lender.space(input.length);
    const factor = classes.length / chosen.length;
    const run = pool.run({ kind: "loss", loss: name, input, labels, options: own, factor, images: null, into }, seat);
    return run.then(({ value, array }) => ({ value, part: (into ?? array) as Float32Array }));
  });
  const outcomes = await settledAll(tasks);
  const grad = call.out ?? new Float32Array(input.length);
  grad.set(outcomes[0].part);
  for (const { part } of outcomes.slice(1)) for (let i = 0; i < grad.length; i++) grad[i] += part[i];
  return { value: Math.fround(outcomes.reduce((sum, { value }) => sum + value, 0)), grad };
}
