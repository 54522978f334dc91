import type { LabelledRows } from "../../model/predictLabels.js";
import type { Task } from "../../model/task.js";

/**
 * Writes the probability of foreground, or that of the class that each pixel was given, to the rows of `image`, from 0 to 65535. The rows
 * are `width` pixels long.
 */
export function fillProbability(image: Uint16Array, width: number, task: Task, { logits, labels, upper, rows }: LabelledRows): void {
  const pixels = rows * width;
  const probabilities = logits.slice();
  task.toProbabilities(probabilities, pixels);
  for (let i = 0, to = upper * width; i < pixels; i++, to++) {
    const channel = task.classes === null ? 0 : labels[i];
    image[to] = Math.round(65535 * probabilities[channel * pixels + i]);
  }
}
