// Lovász-Softmax of images together: each worker has some of the classes.
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import type { Lender } from "./heap.js";
import type { Pool } from "./pool.js";
import type { SoftmaxShared } from "./protocol.js";
import { classesOf, type Reading } from "./reading.js";
import { settledAll } from "./settled.js";
import { ranges } from "./spreadImages.js";

/** The classes that count, or null where the loss is not one of classes over all images. */
export function chosenClasses({ name, perImage, shape, labels, options }: Reading): readonly number[] | null {
  if (name !== "lovaszSoftmax" || perImage) return null;
  const counts = new Uint32Array(classesOf(shape, options.layout));
  for (let i = 0; i < labels.length; i++) if (labels[i] !== options.ignore) counts[labels[i]] += 1;
  const all = [...counts.keys()];
  const present = all.filter((c) => counts[c] > 0);
  if (present.length === 0) return null;
  const { classes = "present" } = options;
  return classes === "present" ? present : classes === "all" ? all : Array.from(classes);
}

/** The loss and gradient by `parts` workers, each with a share of the `chosen` classes. */
export async function spreadClasses(
  call: Reading,
  chosen: readonly number[],
  parts: number,
  pool: Pool,
  lender: Lender,
): Promise<ValueAndGrad> {
  // every other class, so that large ones, which often stand first, are shared
  const shares = Array.from({ length: parts }, (_, part) => chosen.filter((_, i) => i % parts === part));
  const { options, shape } = call;
  const isPlain = options.fromLogits !== false && options.layout !== "NHWC" && shape.length > 2 && (options.method ?? "sort") === "sort";
  return isPlain && lender.shared ? bySteps(call, shares, chosen.length, pool, lender) : bySums(call, shares, chosen.length, pool, lender);
}

let calls = 0;

// softmax by pixels, losses by classes, the way back by pixels
async function bySteps(call: Reading, shares: number[][], count: number, pool: Pool, lender: Lender): Promise<ValueAndGrad> {
  const { input, weights, images, shape, options } = call;
  const classes = shape[1];
  const pixels = input.length / images / classes;
  const space = (floats: number) => lender.space(floats) as Float32Array;
  calls += 1;
  const shared: SoftmaxShared = {
    call: calls,
    images,
    classes,
    pixels,
    logits: input,
    labels: classesOfPixels(call, space(images * pixels)),
    weights,
    keys: space(input.length),
    others: space(2 * images * pixels),
    top: new Int32Array(space(images * pixels).buffer),
    largest: space(images * pixels),
    slopes: space(input.length),
    gradient: space(input.length),
  };
  const slabs = ranges(Math.ceil(pixels / 4), shares.length).map(([from, to]) => [4 * from, Math.min(4 * to, pixels)]);
  const all = <T>(each: readonly T[], run: (one: T, seat: number) => Promise<{ value: number }>) => settledAll(each.map(run));
  try {
    await all(slabs, ([from, to], seat) => pool.run({ kind: "softmaxPixels", shared, from, to }, seat));
    const classWeights = Array.from(options.classWeights ?? new Float32Array(classes).fill(1));
    const idle = new Set(Array(classes).keys());
    for (const c of shares.flat()) idle.delete(c);
    // classes that do not count have no slopes
    for (const c of idle) {
      for (let image = 0; image < images; image++)
        shared.slopes.fill(0, (image * classes + c) * pixels, (image * classes + c + 1) * pixels);
    }
    const outcomes = await all(shares, (own, seat) =>
      pool.run({ kind: "softmaxClasses", shared, classes: own, classWeights, share: 1 / count }, seat),
    );
    await all(slabs, ([from, to], seat) => pool.run({ kind: "softmaxBack", shared, from, to }, seat));
    const grad = call.out ?? new Float32Array(input.length);
    grad.set(shared.gradient);
    return { value: outcomes.reduce((sum, { value }) => sum + value, 0), grad };
  } catch (error) {
    // the workers may have kept something of this call
    await Promise.allSettled(slabs.map((_, seat) => pool.run({ kind: "forget", call: shared.call }, seat)));
    throw error;
  }
}

// the labels, -1 where void
function classesOfPixels({ labels, options }: Reading, space: Float32Array): Int32Array {
  const out = new Int32Array(space.buffer);
  const { ignore } = options;
  for (let i = 0; i < out.length; i++) out[i] = labels[i] === ignore ? -1 : labels[i];
  return out;
}

// each worker the loss of its classes, and the gradients summed up
async function bySums(call: Reading, shares: number[][], count: number, pool: Pool, lender: Lender): Promise<ValueAndGrad> {
  const { name, input, shape, labels, weights, options } = call;
  const tasks = shares.map((classes, seat) => {
    const own = { ...options, shape, classes, perImage: false, ...(weights && { pixelWeights: weights }) };
    const into = lender.space(input.length);
    const run = pool.run({ kind: "loss", loss: name, input, labels, options: own, factor: classes.length / count, into }, seat);
    return run.then(({ value, array }) => ({ value, part: (into ?? array) as Float32Array }));
  });
  const parts = await settledAll(tasks);
  const grad = call.out ?? new Float32Array(input.length);
  grad.set(parts[0].part);
  for (const { part } of parts.slice(1)) for (let i = 0; i < grad.length; i++) grad[i] += part[i];
  return { value: parts.reduce((sum, { value }) => sum + value, 0), grad };
}
