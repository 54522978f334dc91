import { jaccardLoss } from "./jaccard.js";
import type { Term } from "./term.js";

/** The order of descending errors, of which some may be tied. */
export const byError = (errors: Float64Array): number[] => Array.from(errors, (_, k) => k).sort((i, j) => errors[j] - errors[i]);

/**
 * The Lovász extension of the Jaccard loss at the errors of `term`, as Choquet's integral: for each level t, the loss of the
 * set of pixels with an error above t, integrated over t from 0. No order among ties comes in.
 *
 * Source: Bach, "Learning with Submodular Functions" (2013), definition 3.1 and proposition 3.1.
 */
export function extension({ errors, foreground }: Pick<Term, "errors" | "foreground">): number {
  const order = byError(errors);
  const positives = foreground.reduce((sum, label) => sum + label, 0);
  let [value, falsePositives, falseNegatives] = [0, 0, 0];
  order.forEach((k, rank) => {
    if (foreground[k]) falseNegatives++;
    else falsePositives++;
    const next = rank + 1 < order.length ? errors[order[rank + 1]] : 0;
    if (errors[k] > next) value += (errors[k] - next) * jaccardLoss(falsePositives, falseNegatives, positives);
  });
  return value;
}

/** The value of the loss whose terms these are. */
export const lossOf = (terms: readonly Term[]): number => terms.reduce((sum, term) => sum + term.share * extension(term), 0);
