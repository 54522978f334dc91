// Which gradients by the logits of a softmax are correct: a set of them, where errors tie.
import type { LossCase } from "../lossCase.js";
import { byError } from "./extension.js";
import { jaccardLoss } from "./jaccard.js";
import { derivativeRounding, numberRounding } from "./rounding.js";
import { rowsOf, softmaxOf } from "./softmax.js";
import type { Term } from "./term.js";

// directions to look along for a gradient outside the set
const DIRECTIONS = 24;

/**
 * What is wrong with `gradient`, which a loss returned for the logits of `example`, the sum of `terms`; null if nothing was found.
 *
 * By the chain rule the correct gradients are J w, where J is the Jacobian of the softmax, which is symmetric, and w a subgradient of
 * the terms in the probabilities (Rockafellar, Wets, "Variational Analysis", 1998, theorem 10.6). They form a convex set. A gradient g is
 * in it, within a slack for each number, if and only if for every direction u
 *
 *     g . u - slack . |u| <= h(u), the support function: the largest s . u of any s in the set (Rockafellar, "Convex Analysis", 1970, theorem 13.1)
 *
 * h(u) is the directional derivative of the loss: in each term, of pixels whose errors tie, those whose errors grow fastest
 * along J u come first (Edmonds 1970). The directions are the axes, where no other number comes in, and then those by which the
 * algorithm of Frank and Wolfe (1956) moves a point of the set towards g: at the point nearest to g the next direction
 * separates g from the set, if anything does. A correct gradient is never refused, because every direction is checked by itself.
 */
export function logitGradientFault(example: LossCase, terms: readonly Term[], gradient: ArrayLike<number>): string | null {
  const set = new LogitGradients(example, terms);
  return axisFault(set, gradient) ?? directionFault(set, gradient);
}

/** The least and the greatest derivative by each logit of `example`, of all correct gradients. */
export function logitBounds(example: LossCase, terms: readonly Term[]): { least: Float64Array; most: Float64Array } {
  const set = new LogitGradients(example, terms);
  const [least, most] = [new Float64Array(example.values.length), new Float64Array(example.values.length)];
  for (const row of set.rows) for (const at of row) [least[at], most[at]] = set.boundsAt(row, at);
  return { least, most };
}

function axisFault(set: LogitGradients, gradient: ArrayLike<number>): string | null {
  for (const row of set.rows) {
    for (const at of row) {
      const [least, most] = set.boundsAt(row, at);
      const slack = set.slackAt(row, at, gradient[at]);
      if (gradient[at] >= least - slack && gradient[at] <= most + slack) continue;
      const expected = most - least <= slack ? `${(least + most) / 2}` : `a number between ${least} and ${most}`;
      return `grad[${at}] is ${gradient[at]}, expected ${expected}`;
    }
  }
  return null;
}

function directionFault(set: LogitGradients, gradient: ArrayLike<number>): string | null {
  const slack = new Float64Array(gradient.length);
  for (const row of set.rows) for (const at of row) slack[at] = set.slackAt(row, at, gradient[at]);
  const point = set.greatestAlong(new Float64Array(gradient.length));
  for (let turn = 0; turn < DIRECTIONS; turn++) {
    const direction = point.map((x, at) => {
      const off = gradient[at] - x;
      return Math.sign(off) * Math.max(0, Math.abs(off) - slack[at]);
    });
    if (direction.every((off) => off === 0)) return null;
    const greatest = set.greatestAlong(direction);
    const [along, most] = [dot(gradient, direction), dot(greatest, direction)];
    const allowed = direction.reduce((sum, off, at) => sum + slack[at] * Math.abs(off), 0);
    if (along > most + allowed) return outside(direction, along, most);
    const step = greatest.map((x, at) => x - point[at]);
    const length = Math.min(1, dot(direction, step) / dot(step, step));
    step.forEach((x, at) => {
      point[at] += length * x;
    });
  }
  return null;
}

function outside(direction: Float64Array, along: number, most: number): string {
  const scale = direction.reduce((size, x) => Math.max(size, Math.abs(x)), 0);
  const steepest = [...direction.keys()]
    .sort((i, j) => Math.abs(direction[j]) - Math.abs(direction[i]))
    .filter((at) => direction[at] !== 0);
  const shown = steepest.slice(0, 6).map((at) => `${Number((direction[at] / scale).toPrecision(3))} grad[${at}]`);
  return `${shown.join(" + ")}${steepest.length > 6 ? " + ..." : ""} is ${along / scale}, expected at most ${most / scale} where errors tie`;
}

const dot = (a: ArrayLike<number>, b: Float64Array): number => b.reduce((sum, x, i) => sum + a[i] * x, 0);

/** A term with its pixels by falling errors, and where in this order each group of tied errors ends. */
interface Ranked extends Term {
  order: number[];
  ends: number[];
}

/** The set of correct gradients. The arrays have an entry for each logit, 0 where it is in no term. */
class LogitGradients {
  readonly rows: number[][];
  private readonly probabilities: Float64Array;
  private readonly rounding: Float64Array;
  private readonly terms: Ranked[];
  // the share of its term, with the sign by which the error changes with the probability
  private readonly shares: Float64Array;
  // whether the error may have been rounded to 0
  private readonly isKink: Uint8Array;
  // the derivative of the extension by its error, where it comes first or last among tied errors: the most and the least it may be
  private readonly first: Float64Array;
  private readonly last: Float64Array;

  constructor(
    private readonly example: LossCase,
    terms: readonly Term[],
  ) {
    const { probabilities, rounding } = softmaxOf(example);
    this.rows = rowsOf(example);
    [this.probabilities, this.rounding] = [probabilities, rounding];
    this.terms = terms.map((term) => ({ ...term, ...ranked(term) }));
    this.shares = new Float64Array(probabilities.length);
    this.isKink = new Uint8Array(probabilities.length);
    this.first = new Float64Array(probabilities.length);
    this.last = new Float64Array(probabilities.length);
    for (const term of this.terms) {
      this.eachGroup(term, (tied, loss) => {
        const all = tied.filter((k) => term.foreground[k]).length;
        const total = loss(tied.length - all, all);
        for (const k of tied) {
          const [a, at] = [term.foreground[k], term.at[k]];
          this.shares[at] = term.share * term.derivatives[k];
          this.isKink[at] = Number(term.errors[k] <= term.rounding[k]);
          this.first[at] = loss(1 - a, a);
          this.last[at] = total - loss(tied.length - all - (1 - a), all - a);
        }
      });
    }
  }

  /** The least and the most that the gradient by the logit at `at` may be; `row` are the logits of its pixel. */
  boundsAt(row: readonly number[], at: number): [least: number, most: number] {
    let [least, most] = [0, 0];
    for (const other of row) {
      const change = this.shares[other] * this.jacobian(other, at);
      const ends = [change * this.first[other], change * this.last[other]];
      least += Math.min(...ends);
      most += Math.max(...ends);
    }
    return [least, most];
  }

  /**
   * How far off `derivative`, by the logit at `at`, may be. It is the sum of J a over the classes of the pixel, or p (a - mean of a),
   * where a derivative a by a probability is off by derivativeRounding of its share. With all p off by a share r of themselves, the
   * product is off by p r (3 + r) times the largest a. What is below u of a difference is lost. An error that may have been rounded
   * to 0, the kink of an absolute value, has any derivative between those of both sides.
   */
  slackAt(row: readonly number[], at: number, derivative: number): number {
    let [share, largest, kinks] = [0, 0, 0];
    for (const other of row) {
      const most = Math.abs(this.shares[other]) * this.first[other];
      share = Math.max(share, Math.abs(this.shares[other]));
      largest = Math.max(largest, most);
      if (this.isKink[other]) kinks += 2 * most * Math.abs(this.jacobian(other, at));
    }
    const r = this.rounding[at];
    const off = 2 * derivativeRounding(this.example) * share + r * (3 + r) * largest;
    return this.probabilities[at] * off + kinks + numberRounding(this.example) * (share + Math.abs(derivative));
  }

  /** The gradient of the set that is greatest along `direction`. */
  greatestAlong(direction: Float64Array): Float64Array {
    const changes = this.timesJacobian(direction);
    const byProbability = new Float64Array(direction.length);
    for (const term of this.terms) {
      const speed = (k: number) => term.derivatives[k] * changes[term.at[k]];
      this.eachGroup(term, (tied, loss) => {
        let [falsePositives, falseNegatives, before] = [0, 0, 0];
        for (const k of tied.length === 1 ? tied : tied.toSorted((i, j) => speed(j) - speed(i))) {
          if (term.foreground[k]) falseNegatives++;
          else falsePositives++;
          const now = loss(falsePositives, falseNegatives);
          byProbability[term.at[k]] = this.shares[term.at[k]] * (now - before);
          before = now;
        }
      });
    }
    return this.timesJacobian(byProbability);
  }

  // `visit` gets the pixels of each group of tied errors, and the Jaccard loss that so many of them add to that of the groups before
  private eachGroup(
    { order, ends, foreground }: Ranked,
    visit: (tied: number[], loss: (falsePositives: number, falseNegatives: number) => number) => void,
  ): void {
    const positives = foreground.reduce((sum, label) => sum + label, 0);
    let [start, falseNegatives] = [0, 0];
    for (const end of ends) {
      const tied = order.slice(start, end);
      const [fp, fn] = [start - falseNegatives, falseNegatives];
      const before = jaccardLoss(fp, fn, positives);
      visit(tied, (a, b) => jaccardLoss(fp + a, fn + b, positives) - before);
      for (const k of tied) falseNegatives += foreground[k];
      start = end;
    }
  }

  // the derivative of the probability at `of` by the logit at `by`, of the same pixel
  private jacobian(of: number, by: number): number {
    return this.probabilities[of] * (Number(of === by) - this.probabilities[by]);
  }

  private timesJacobian(vector: Float64Array): Float64Array {
    const out = new Float64Array(vector.length);
    for (const row of this.rows) {
      const mean = row.reduce((sum, at) => sum + this.probabilities[at] * vector[at], 0);
      for (const at of row) out[at] = this.probabilities[at] * (vector[at] - mean);
    }
    return out;
  }
}

/** Errors tie where rounding may turn their order round: their ranges overlap, directly or through those of others. */
function ranked({ errors, rounding }: Term): Pick<Ranked, "order" | "ends"> {
  const order = byError(errors);
  const highest = new Float64Array(order.length + 1).fill(Number.NEGATIVE_INFINITY);
  for (let i = order.length - 1; i >= 0; i--) highest[i] = Math.max(highest[i + 1], errors[order[i]] + rounding[order[i]]);
  const ends: number[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  order.forEach((k, i) => {
    lowest = Math.min(lowest, errors[k] - rounding[k]);
    if (lowest > highest[i + 1]) ends.push(i + 1);
  });
  return { order, ends };
}
