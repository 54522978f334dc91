import type { Module } from "../nn/module.js";
import { breathe } from "./breathe.js";
import { pixelsOf } from "./pixels.js";
import { predictLabels } from "./predictLabels.js";
import { Score } from "./score.js";
import type { Source } from "./source.js";
import type { Task } from "./task.js";

/** How well `network` predicts the labels of `samples`. */
export async function validate(network: Module, samples: readonly Source[], task: Task): Promise<Score> {
  const score = new Score(task);
  for (const read of samples) {
    const { picture, labels } = await read();
    score.add(predictLabels(network, pixelsOf(picture), task), labels);
    await breathe();
  }
  return score;
}
