// The outcome of a run in words: the same in the terminal, in metrics.json and in the report.
import type { Training } from "../model/train.js";

/** A smaller difference means nothing. */
const TIE = 0.005;

/** The training of the highest validation IoU. */
export function winner<T extends Pick<Training, "iou">>(trainings: readonly T[]): T {
  return trainings.reduce((best, one) => (one.iou > best.iou ? one : best));
}

/** One honest sentence about which loss won. */
export function verdict(trainings: readonly Pick<Training, "loss" | "iou">[]): string {
  const [first, second] = [...trainings].sort((a, b) => b.iou - a.iou);
  if (!second) return `${first.loss} reaches a validation IoU of ${percent(first.iou)}; there is nothing to compare it with.`;
  const gap = `${(100 * (first.iou - second.iou)).toFixed(1)} points of validation IoU`;
  const both = `(${percent(first.iou)} against ${percent(second.iou)})`;
  if (first.iou - second.iou < TIE)
    return `${first.loss} and ${second.loss} tie within ${gap} ${both}: on these data, neither is shown to be better.`;
  return `${first.loss} is ahead of ${second.loss} by ${gap} ${both}; this is one seed: try more with --seed before you trust it.`;
}

/** A sentence about the losses that diverged; empty if none did. */
export function warning(trainings: readonly Pick<Training, "loss" | "diverged">[]): string {
  const ends = trainings.filter(({ diverged }) => diverged !== null).map(({ loss, diverged }) => `${loss} in epoch ${diverged}`);
  return ends.length === 0 ? "" : `Diverged: ${ends.join(", ")}; the best epoch before that is kept. Lower --lr.`;
}

/** A fraction in percent, for people. */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}
