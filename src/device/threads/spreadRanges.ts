// One image of a binary task: each worker has the pixels whose errors lie in a range of its own.
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import type { Lender } from "./heap.js";
import type { Pool } from "./pool.js";
import type { RangeLoss } from "./protocol.js";
import type { Reading } from "./reading.js";
import { settledAll } from "./settled.js";

/** Whether the loss is one of sorted errors of a single image. */
export function hasRanges({ name, perImage, options }: Reading): boolean {
  if (perImage || (options.method ?? "sort") !== "sort") return false;
  return name === "lovaszHinge" || name === "lovaszExtension" || (name === "lovaszSigmoid" && options.fromLogits !== false);
}

/** The loss and gradient by `parts` workers. */
export async function spreadRanges(call: Reading, parts: number, pool: Pool, lender: Lender): Promise<ValueAndGrad> {
  const { input, options } = call;
  const task = {
    kind: "range",
    loss: call.name as RangeLoss,
    input: lender.copy(input),
    labels: lender.copy(call.labels as Int32Array),
    weights: call.weights && lender.copy(call.weights),
    // the image is one, whatever its shape was
    options: { ...options, perImage: false },
    ...tverskyOf(options.setFunction),
    parts,
    into: lender.space(input.length),
  } as const;
  const outcomes = await settledAll(Array.from({ length: parts }, (_, part) => pool.run({ ...task, part }, part)));
  const grad = call.out ?? new Float32Array(input.length);
  if (task.into) grad.set(task.into);
  for (const { array, places } of outcomes) {
    if (array && places) for (let k = 0; k < array.length; k++) grad[places[k]] = array[k];
  }
  return { value: outcomes.reduce((sum, { value }) => sum + value, 0), grad };
}

function tverskyOf(setFunction: unknown): { alpha: number; beta: number } {
  if (setFunction === "dice") return { alpha: 0.5, beta: 0.5 };
  const tversky = (setFunction as { tversky?: { alpha: number; beta: number } } | undefined)?.tversky;
  return tversky ?? { alpha: 1, beta: 1 };
}
