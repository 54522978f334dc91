import { LovaszError } from "../errors.js";
import type { Module } from "../nn/module.js";
import { breathe } from "./breathe.js";
import { IGNORED } from "./ignored.js";
import { pixelsOf } from "./pixels.js";
import { predictLabels } from "./predictLabels.js";
import { Score } from "./score.js";
import type { Source } from "./source.js";
import type { Task } from "./task.js";

/**
 * How well `network` predicts the labels of `samples`; null once `signal` is aborted. Throws `LovaszError` "label" where a sample has a
 * class that the network does not know.
 */
export async function validate(
  network: Module,
  samples: readonly Source[],
  task: Task,
  signal = { aborted: false },
): Promise<Score | null> {
  const score = new Score(task);
  const classes = task.classes ?? 2;
  for (const [i, read] of samples.entries()) {
    if (signal.aborted) return null;
    const { picture, labels } = await read();
    const wrong = labels.findIndex((label) => label >= classes && label !== IGNORED);
    if (wrong >= 0) {
      const known = `expected a class from 0 to ${classes - 1}, or ${IGNORED} for an ignored pixel`;
      throw new LovaszError(
        "label",
        `validation[${i}]: labels[${wrong}] is ${labels[wrong]}, but the network knows ${classes} classes; ${known}`,
      );
    }
    const predicted = await predictLabels(network, pixelsOf(picture), { task });
    score.add(predicted.labels, labels);
    await breathe();
  }
  return score;
}
