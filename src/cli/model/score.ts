// How good predictions are: the three numbers of tables, metrics.json and `lovasz eval`.
import type { Sample } from "../data/sample.js";
import type { Task } from "./task.js";

/** Fractions from 0 to 1. */
export interface Scores {
  /** Intersection over union of the pixels of all pictures together; the mean over the classes, where there are several. */
  iou: number;
  /** The mean over pictures of each one's; 1 where neither truth nor prediction has foreground. */
  meanImageIoU: number;
  /** Twice the intersection over the sum of both sizes, as `iou` is. */
  dice: number;
}

/** Compares `predictions`, one a sample, with the truth. */
export function score(task: Task, samples: readonly Sample[], predictions: readonly Uint8Array[]): Scores {
  const ious = task.ious(joined(predictions), joined(samples.map(({ labels }) => labels)));
  const each = samples.map(({ labels }, i) => mean(task.ious(predictions[i], labels)));
  // Dice is 2I / (I + U), and so a function of I / U
  return { iou: mean(ious), meanImageIoU: mean(each), dice: mean(ious.map((iou) => (2 * iou) / (1 + iou))) };
}

/** The mean of `numbers`; 1 of none, as of the IoU of a picture that is void all over. */
export function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 1 : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
