// How good predictions are: the three numbers of tables, metrics.json and `lovasz eval`.
import type { Sample } from "../data/sample.js";
import type { Task } from "./task.js";

/** Fractions from 0 to 1. */
export interface Scores {
  /** Intersection over union of the pixels of all pictures together. */
  iou: number;
  /** The mean over pictures of each one's intersection over union; 1 where neither truth nor prediction has foreground. */
  meanImageIoU: number;
  /** Twice the intersection over the sum of both sizes, of the pixels of all pictures together. */
  dice: number;
}

/** Compares `predictions`, one a sample, with the truth. */
export function score(task: Task, samples: readonly Sample[], predictions: readonly Uint8Array[]): Scores {
  const iou = task.iou(joined(predictions), joined(samples.map(({ labels }) => labels)));
  const each = samples.map(({ labels }, i) => task.iou(predictions[i], labels));
  // Dice is 2I / (I + U), and so a function of I / U
  return { iou, meanImageIoU: each.reduce((sum, one) => sum + one, 0) / each.length, dice: (2 * iou) / (1 + iou) };
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
