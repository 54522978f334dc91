// What `fit` tells along the way.
import type { Score, Scores } from "./score.js";

/** What `fit` tells after a step. */
export interface FitStep {
  /** Counted from 1, over all epochs. */
  readonly step: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** The loss of the samples of this step, before it. */
  readonly loss: number;
  /** The learning rate of this step. */
  readonly lr: number;
}

/** How well a network predicts the validation samples. */
export interface Validation extends Scores {
  /** The IoU of each sample; with several classes, the mean over those present. */
  readonly imageIoUs: readonly number[];
  /** The IoU of each class over all samples, of background and foreground where there is one logit; null where no pixel has or gets the class. */
  readonly classIoUs: readonly (number | null)[];
  /** How many pixels of each class (row) were predicted as each class (column). */
  readonly confusion: readonly (readonly number[])[];
}

/** What `score` holds. */
export function validationOf(score: Score): Validation {
  const { imageIoUs, confusion } = score;
  return { ...score.scores(), imageIoUs, classIoUs: score.classIoUs(), confusion };
}

/** What `fit` tells after an epoch. */
export interface FitEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** The mean loss of the steps. */
  readonly loss: number;
  /** The scores of the validation samples afterwards; null where there are none. */
  readonly validation: Validation | null;
}
