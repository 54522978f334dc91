// The outcome of a run in words: the same in the terminal, in metrics.json and in the report.
import type { Training } from "../model/course.js";
import { type Comparison, comparisons, winner } from "./comparison.js";
import type { Outcome } from "./run.js";
import { deviationOf, type Measure, meanMeasure } from "./statistics.js";

/** With one seed, a smaller difference means nothing. */
const TIE = 0.005;
/** With fewer seeds, an interval says little. */
const ENOUGH = 5;

/** One honest sentence about which loss won. */
export function verdict(outcomes: readonly Outcome[]): string {
  const first = winner(outcomes);
  const all = comparisons(outcomes, "iou");
  if (all.length === 0) {
    const seeds = first.trainings.length;
    const over = seeds > 1 ? ` in mean over ${seeds} seeds` : "";
    return `${first.loss} reaches a validation IoU of ${score(first, "iou")}${over}; there is nothing to compare it with.`;
  }
  // the closest one
  const closest = all.reduce((least, one) => (one.mean < least.mean ? one : least));
  const second = outcomes.find(({ loss }) => loss === closest.rival) as Outcome;
  return closest.seeds > 1 ? ofSeveral(first, second, closest) : ofOne(first, second);
}

function ofOne(first: Outcome, second: Outcome): string {
  const [high, low] = [meanMeasure(first, "iou"), meanMeasure(second, "iou")];
  const gap = `${points(high - low)} points of validation IoU`;
  const both = `(${percent(high)} against ${percent(low)})`;
  if (high - low < TIE) return `${first.loss} and ${second.loss} tie within ${gap} ${both}: on these data, neither is shown to be better.`;
  return `${first.loss} is ahead of ${second.loss} by ${gap} ${both}; this is one seed: try --seeds ${ENOUGH} before you trust it.`;
}

function ofSeveral(first: Outcome, second: Outcome, { mean, seeds, verdict: told, ...interval }: Comparison): string {
  const both = `${score(first, "iou")} against ${score(second, "iou")}`;
  const gap = `${points(mean)} points of validation IoU in mean over ${seeds} seeds (${intervalOf(interval)}; ${both})`;
  const few = seeds < ENOUGH ? `; ${seeds} seeds are few: try --seeds ${ENOUGH}` : "";
  if (told === "not distinguishable") return `${first.loss} and ${second.loss} are not distinguishable: they differ by ${gap}${few}.`;
  return `${first.loss} is better than ${second.loss} by ${gap}${few}.`;
}

/** A sentence about the trainings that diverged; empty if none did. */
export function warning(outcomes: readonly Outcome[]): string {
  const trainings = outcomes.flatMap((one) => one.trainings);
  const isOne = new Set(trainings.map(({ seed }) => seed)).size === 1;
  const name = ({ loss, seed }: Training) => (isOne ? loss : `${loss} with seed ${seed}`);
  const ends = trainings.filter(({ diverged }) => diverged !== null).map((one) => `${name(one)} in epoch ${one.diverged}`);
  return ends.length === 0 ? "" : `Diverged: ${ends.join(", ")}; the best epoch before that is kept. Lower --lr.`;
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
