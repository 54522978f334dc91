// Which gradients are correct: a set of them, where errors tie or lie on a kink.
import type { Numerics } from "../lossCase.js";
import { jaccardLoss } from "./jaccard.js";
import { derivativeRounding, errorDerivativeRounding, numberRounding } from "./rounding.js";
import type { Term } from "./term.js";
import { tiedPixels } from "./tiedPixels.js";

/** Bounds of the derivative of the extension by each error, as a gradient implies them. */
interface Bounds {
  least: Float64Array;
  most: Float64Array;
}

/**
 * What is wrong with the pixels of `term` in `gradient`, which a loss returned for its values; null if nothing. Any subgradient of
 * the term is correct, at errors within rounding of its own.
 *
 * The subgradients of the extension of a submodular function F are the points s of its base polytope that are greatest at
 * the errors (Edmonds 1970): between two errors that differ, s of all pixels above sums to F of them; and within a set of
 * tied pixels s is in the base polytope of F counted from the pixels above. The gradient divided by the
 * derivatives of the errors is s; on a kink it only bounds s. A box of bounds meets a base polytope if and only if for every set of pixels the
 * lower bounds sum to no more than F, and the upper bounds to no less than what F has beyond the other pixels (Fujishige,
 * "Submodular Functions and Optimization", 2005, theorem 3.8). As F only counts positives and negatives, the sets of the
 * greatest lower and the least upper bounds are enough.
 */
export function subgradientFault(how: Numerics, term: Term, gradient: ArrayLike<number>): string | null {
  const bounds = boundsOf(how, term, gradient);
  if (typeof bounds === "string") return bounds;
  const { errors, foreground } = term;
  const positives = foreground.reduce((sum, label) => sum + label, 0);
  let [falsePositives, falseNegatives] = [0, 0];
  for (const tied of tiedPixels(how, errors)) {
    const before = jaccardLoss(falsePositives, falseNegatives, positives);
    const from = { falsePositives, falseNegatives };
    const gain = (a: number, b: number) => jaccardLoss(from.falsePositives + b, from.falseNegatives + a, positives) - before;
    const fault = polytopeFault(term, gradient, tied, bounds, gain);
    if (fault) return fault;
    const wrong = tied.filter((k) => foreground[k]).length;
    falseNegatives += wrong;
    falsePositives += tied.length - wrong;
  }
  return null;
}

// the derivative of the extension is gradient / (share derivative t), for a t from `least` to `most` of the term
function boundsOf(how: Numerics, term: Term, gradient: ArrayLike<number>): Bounds | string {
  const { share, at, derivatives } = term;
  const [least, most] = [new Float64Array(at.length), new Float64Array(at.length).fill(Number.POSITIVE_INFINITY)];
  for (let k = 0; k < at.length; k++) {
    const size = Math.abs(derivatives[k]);
    const grows = term.foreground[k] === 0;
    const toward = (grows ? gradient[at[k]] : -gradient[at[k]]) / share;
    const slack = derivativeRounding(how) * size + errorDerivativeRounding(how) + numberRounding(how) * Math.abs(toward);
    const name = `grad[${at[k]}] is ${gradient[at[k]]}`;
    if (term.most[k] === 0) {
      if (Math.abs(toward) > slack) return `${name}, expected 0, as its margin is beyond 1`;
      continue;
    }
    if (toward < -slack && term.least[k] >= 0) {
      return `${name}, expected at ${grows ? "least" : "most"} 0, as its error ${grows ? "grows" : "falls"} with the value`;
    }
    if (size === 0) {
      if (toward > slack) return `${name}, expected 0, as its error does not depend on the value`;
      continue;
    }
    least[k] = Math.max(0, ((term.least[k] < 0 ? Math.abs(toward) : toward) - slack) / size);
    if (term.least[k] === 1) most[k] = (toward + slack) / size;
  }
  return { least, most };
}

/** What is wrong with derivatives between `bounds` of the `tied` pixels of `term`, where a positives and b negatives gain `gain(a, b)`. */
function polytopeFault(
  term: Term,
  gradient: ArrayLike<number>,
  tied: readonly number[],
  { least, most }: Bounds,
  gain: (a: number, b: number) => number,
): string | null {
  const sides = [1, 0].map((label) => tied.filter((k) => term.foreground[k] === label));
  const lower = sides.map((side) => sums(side.map((k) => least[k]).sort((x, y) => y - x)));
  const upper = sides.map((side) => sums(side.map((k) => most[k]).sort((x, y) => x - y)));
  const [p, q] = sides.map((side) => side.length);
  const all = gain(p, q);
  for (let a = 0; a <= p; a++) {
    for (let b = 0; b <= q; b++) {
      const slack = 2 ** -40;
      const tooMuch = lower[0][a] + lower[1][b] > gain(a, b) + slack;
      const tooLittle = upper[0][a] + upper[1][b] < all - gain(p - a, q - b) - slack;
      if (!tooMuch && !tooLittle) continue;
      if (tied.length === 1) return single(term, gradient, tied[0], all);
      const some = sides.flatMap((side, i) =>
        side.toSorted((j, k) => (tooMuch ? least[k] - least[j] : most[j] - most[k])).slice(0, i === 0 ? a : b),
      );
      const bound = (tooMuch ? gain(a, b) : all - gain(p - a, q - b)) * term.share;
      return `${several(term, gradient, some)}, expected ${tooMuch ? "at most" : "at least"} ${bound} ${
        some.length < tied.length ? `of these among ${tied.length} pixels of equal error` : "of these pixels of equal error"
      }`;
    }
  }
  return null;
}

const sums = (numbers: readonly number[]): number[] => {
  let sum = 0;
  return [0, ...numbers.map((number) => (sum += number))];
};

function single({ share, at, derivatives, least }: Term, gradient: ArrayLike<number>, k: number, derivative: number): string {
  const expected = share * derivatives[k] * derivative;
  return `grad[${at[k]}] is ${gradient[at[k]]}, expected ${least[k] === 1 ? expected : `a number between ${share * derivatives[k] * derivative * least[k]} and ${expected}`}`;
}

function several({ at, foreground }: Term, gradient: ArrayLike<number>, some: readonly number[]): string {
  const names = some.slice(0, 6).map((k) => `grad[${at[k]}] = ${gradient[at[k]]}`);
  const along = some.reduce((sum, k) => sum + (foreground[k] ? -1 : 1) * gradient[at[k]], 0);
  return `${names.join(", ")}${some.length > 6 ? ", ..." : ""} ${some.length === 1 ? "is" : "sum to"} ${along} along their errors`;
}
