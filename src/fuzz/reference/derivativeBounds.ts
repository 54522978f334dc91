// Between which numbers each derivative of a correct loss lies.
import type { LossCase } from "../lossCase.js";
import { jaccardLoss } from "./jaccard.js";
import { logitBounds } from "./logitGradient.js";
import type { Term } from "./term.js";
import { termsOf } from "./terms.js";
import { tiedPixels } from "./tiedPixels.js";

/** The least and the greatest derivative by each value, of all subgradients; where the subgradient is unique, they are the same. */
export interface DerivativeBounds {
  least: Float64Array;
  most: Float64Array;
}

/**
 * The bounds of the loss of `example`. A pixel weighs most where it comes first among those of equal error, and least where it comes last: the Jaccard
 * loss is submodular.
 */
export function derivativeBounds(example: LossCase): DerivativeBounds {
  const terms = termsOf(example);
  if (example.kind === "softmax-logits") return logitBounds(example, terms);
  const bounds = { least: new Float64Array(example.values.length), most: new Float64Array(example.values.length) };
  for (const term of terms) boundTerm(example, term, bounds);
  return bounds;
}

function boundTerm(example: LossCase, { share, at, foreground, errors, derivatives, least, most }: Term, bounds: DerivativeBounds): void {
  const positives = foreground.reduce((sum, label) => sum + label, 0);
  let [falsePositives, falseNegatives] = [0, 0];
  for (const tied of tiedPixels(example, errors)) {
    const wrong = tied.filter((k) => foreground[k]).length;
    const [fp, fn] = [falsePositives, falseNegatives];
    [falsePositives, falseNegatives] = [fp + tied.length - wrong, fn + wrong];
    const after = jaccardLoss(falsePositives, falseNegatives, positives);
    for (const k of tied) {
      const [a, b] = foreground[k] ? [0, 1] : [1, 0];
      const first = jaccardLoss(fp + a, fn + b, positives) - jaccardLoss(fp, fn, positives);
      const last = after - jaccardLoss(falsePositives - a, falseNegatives - b, positives);
      const ends = [first, last].flatMap((weight) => [least[k], most[k]].map((factor) => share * derivatives[k] * factor * weight));
      bounds.least[at[k]] = Math.min(...ends);
      bounds.most[at[k]] = Math.max(...ends);
    }
  }
}
