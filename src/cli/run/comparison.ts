// How two losses compare: the differences of their scores, seed by seed, as both started from the same weights.
import { pairedInterval } from "./bootstrap.js";
import type { Outcome } from "./run.js";
import { type Measure, meanMeasure } from "./statistics.js";

/** The difference of two losses over the seeds that both have. */
export interface Comparison {
  readonly loss: string;
  readonly rival: string;
  readonly measure: Measure;
  /** How many seeds both have. */
  readonly seeds: number;
  /** The mean of the score of `loss` minus that of `rival`, and its interval of 95 %. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** What the interval says of `loss`; null where a single seed says nothing. */
  readonly verdict: "better" | "worse" | "not distinguishable" | null;
}

/** The outcome of the highest mean validation IoU, the first of equals. */
export function winner<T extends Outcome>(outcomes: readonly T[]): T {
  return outcomes.reduce((best, one) => (meanMeasure(one, "iou") > meanMeasure(best, "iou") ? one : best));
}

/** The winner against each other loss that shares a seed with it, in the order of `outcomes`. */
export function comparisons(outcomes: readonly Outcome[], measure: Measure): Comparison[] {
  const first = winner(outcomes);
  return outcomes.filter((one) => one !== first).flatMap((rival) => compared(first, rival, measure));
}

function compared(one: Outcome, rival: Outcome, measure: Measure): Comparison[] {
  const differences = one.trainings.flatMap((training) => {
    const other = rival.trainings.find(({ seed }) => seed === training.seed);
    return other ? [training[measure] - other[measure]] : [];
  });
  if (differences.length === 0) return [];
  const { mean, low, high } = pairedInterval(differences);
  const told = low > 0 ? "better" : high < 0 ? "worse" : "not distinguishable";
  const seeds = differences.length;
  return [{ loss: one.loss, rival: rival.loss, measure, seeds, mean, low, high, verdict: seeds > 1 ? told : null }];
}
