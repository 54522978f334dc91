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

/** With fewer seeds, all differences may have the same sign by chance. */
export const ENOUGH_SEEDS = 5;

/**
 * `outcomes` with the trainings that can be compared: those that were not interrupted, of the seeds that all losses have. Where no seed is
 * such a one, there are none.
 */
export function comparable(outcomes: readonly Outcome[]): Outcome[] {
  const whole = outcomes.map(({ loss, trainings }) => ({ loss, trainings: trainings.filter(({ interrupted }) => !interrupted) }));
  const shared = whole[0].trainings.filter(({ seed }) => whole.every(({ trainings }) => trainings.some((one) => one.seed === seed)));
  if (shared.length === 0) return [];
  const seeds = new Set(shared.map(({ seed }) => seed));
  return whole.map(({ loss, trainings }) => ({ loss, trainings: trainings.filter(({ seed }) => seeds.has(seed)) }));
}

/** The outcome of the highest mean validation IoU, over the seeds that can be compared, or all where there are none; the first of equals. */
export function winner(outcomes: readonly Outcome[]): Outcome {
  const fair = comparable(outcomes);
  const scores = (fair.length > 0 ? fair : outcomes).map((one) => meanMeasure(one, "iou"));
  return outcomes[scores.indexOf(Math.max(...scores))];
}

/** The winner against each other loss, over the seeds that can be compared, in the order of `outcomes`. */
export function comparisons(outcomes: readonly Outcome[], measure: Measure): Comparison[] {
  const fair = comparable(outcomes);
  if (fair.length === 0) return [];
  const first = winner(fair);
  return fair.filter((one) => one !== first).map((rival) => compared(first, rival, measure));
}

function compared(one: Outcome, rival: Outcome, measure: Measure): Comparison {
  const differences = one.trainings.map((training) => {
    const other = rival.trainings.find(({ seed }) => seed === training.seed);
    return training[measure] - (other as typeof training)[measure];
  });
  const { mean, low, high } = pairedInterval(differences);
  const seeds = differences.length;
  return { loss: one.loss, rival: rival.loss, measure, seeds, mean, low, high, verdict: told(seeds, low, high) };
}

function told(seeds: number, low: number, high: number): Comparison["verdict"] {
  if (seeds < 2) return null;
  if (seeds < ENOUGH_SEEDS || (low <= 0 && high >= 0)) return "not distinguishable";
  return low > 0 ? "better" : "worse";
}
