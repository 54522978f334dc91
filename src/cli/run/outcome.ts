// The outcome of a run in words: the same in the terminal, in metrics.json and in the report.
import type { Training } from "../model/course.js";
import { type Comparison, comparable, comparisons, ENOUGH_SEEDS, winner } from "./comparison.js";
import type { Failure, Outcome } from "./run.js";
import { deviationOf, type Measure, meanMeasure } from "./statistics.js";

/** With one seed, a smaller difference means nothing. */
const TIE = 0.005;
/** One honest sentence about which loss won. */
export function verdict(outcomes: readonly Outcome[]): string {
  const fair = comparable(outcomes);
  if (fair.length === 0)
    return "The run was interrupted before every loss had ended a training with the same seed, so nothing is compared.";
  const first = winner(fair);
  const all = comparisons(fair, "iou");
  if (all.length === 0) {
    const seeds = first.trainings.length;
    const over = seeds > 1 ? ` in mean over ${seeds} seeds` : "";
    return `${first.loss} reaches a validation IoU of ${score(first, "iou")}${over}; there is nothing to compare it with.`;
  }
  // the closest one
  const closest = all.reduce((least, one) => (one.mean < least.mean ? one : least));
  const second = fair.find(({ loss }) => loss === closest.rival) as Outcome;
  return closest.seeds > 1 ? ofSeveral(first, second, closest) : ofOne(first, second);
}

function ofOne(first: Outcome, second: Outcome): string {
  const [high, low] = [meanMeasure(first, "iou"), meanMeasure(second, "iou")];
  const gap = `${points(high - low)} points of validation IoU`;
  const both = `(${percent(high)} against ${percent(low)})`;
  if (high - low < TIE) return `${first.loss} and ${second.loss} tie within ${gap} ${both}: on these data, neither is shown to be better.`;
  return `${first.loss} is ahead of ${second.loss} by ${gap} ${both}; this is one seed: try --seeds ${ENOUGH_SEEDS} before you trust it.`;
}

function ofSeveral(first: Outcome, second: Outcome, { mean, seeds, verdict: told, ...interval }: Comparison): string {
  const both = `${score(first, "iou")} against ${score(second, "iou")}`;
  const gap = `${points(mean)} points of validation IoU in mean over ${seeds} seeds (${intervalOf(interval)}; ${both})`;
  const few = seeds < ENOUGH_SEEDS ? `; ${seeds} seeds are too few to tell: try --seeds ${ENOUGH_SEEDS}` : "";
  if (told === "not distinguishable") return `${first.loss} and ${second.loss} are not distinguishable: they differ by ${gap}${few}.`;
  // the winner is worse than nobody
  return `${first.loss} is better than ${second.loss} by ${gap}.`;
}

/** Sentences about the trainings that diverged, and about `failures`, which have nothing to show; empty if there were none. */
export function warning(outcomes: readonly Outcome[], failures: readonly Failure[]): string {
  const trainings = outcomes.flatMap((one) => one.trainings);
  const isOne = new Set([...trainings, ...failures].map(({ seed }) => seed)).size === 1;
  const name = ({ loss, seed }: Training) => (isOne ? loss : `${loss} with seed ${seed}`);
  const ends = trainings.filter(({ diverged }) => diverged !== null).map((one) => `${name(one)} in epoch ${one.diverged}`);
  const kept = ends.length === 0 ? [] : [`Diverged: ${ends.join(", ")}; the best epoch before that is kept. Lower --lr.`];
  const lost = failures.map(({ loss, seed }) => (isOne ? loss : `${loss} with seed ${seed}`));
  const none = lost.length === 0 ? [] : [`Diverged in the first epoch, and left out: ${lost.join(", ")}. Lower --lr.`];
  return [...kept, ...none].join(" ");
}

/** A measure of a loss: "80.1 %", or the mean and the standard deviation over several seeds, "80.1 ± 0.7 %". */
export function score(outcome: Outcome, measure: Measure): string {
  const deviation = deviationOf(outcome.trainings.map((one) => one[measure]));
  const mean = meanMeasure(outcome, measure);
  return deviation === null ? percent(mean) : `${points(mean)} ± ${points(deviation)} %`;
}

/** "95 % interval -0.4 to 1.2". */
export function intervalOf({ low, high }: Pick<Comparison, "low" | "high">): string {
  return `95 % interval ${points(low)} to ${points(high)}`;
}

/** A fraction in percent, for people. */
export function percent(fraction: number): string {
  return `${points(fraction)} %`;
}

/** A fraction in percent, or a difference in percentage points, without the sign of percent. */
export function points(fraction: number): string {
  const text = (100 * fraction).toFixed(1);
  return text === "-0.0" ? "0.0" : text;
}
