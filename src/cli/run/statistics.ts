// Statistics over the seeds of one loss.
import type { Training } from "../model/course.js";
import type { Outcome } from "./run.js";

/** The measures that are compared. */
export type Measure = "iou" | "meanImageIoU" | "dice";

/** The mean of `values`, of which there is at least one. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The standard deviation of a sample, with n - 1; null for a single value. */
export function deviationOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** The mean of a measure over the seeds of a loss. */
export function meanMeasure({ trainings }: Outcome, measure: Measure): number {
  return meanOf(trainings.map((one) => one[measure]));
}

/** The training of the highest validation IoU, the first of equals. */
export function bestTraining({ trainings }: Outcome): Training {
  return trainings.reduce((best, one) => (one.iou > best.iou ? one : best));
}

/** The training of the lowest validation IoU, the first of equals. */
export function worstTraining({ trainings }: Outcome): Training {
  return trainings.reduce((worst, one) => (one.iou < worst.iou ? one : worst));
}

/** The IoU of each class over all validation pictures, the mean over the seeds that have it; null where none has. */
export function meanClassIoUs({ trainings }: Outcome): (number | null)[] {
  return trainings[0].classIoUs.map((_, label) => {
    const known = trainings.map(({ classIoUs }) => classIoUs[label]).filter((iou) => iou !== null);
    return known.length === 0 ? null : meanOf(known);
  });
}
