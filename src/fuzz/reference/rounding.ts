// How far a correct loss may be from the mathematics. A loss may compute by the published sums and differences, in the precision of its case, with u
// half the distance from 1 to the next number.
import type { LossCase, Numerics } from "../lossCase.js";
import type { Precision } from "../precision.js";
import type { Term } from "./term.js";

/** u, and all else in multiples of u. */
interface Units {
  u: number;
  /** A step of a sum of products. */
  step: number;
  /** Two errors, by 1 + error. */
  error: number;
  /** An exponential and a division by a sum with 1: of a sigmoid or softmax, by its size. */
  exponential: number;
  /** A weight of the published code, see derivativeRounding. */
  weight: number;
  /** p (1 - p). */
  slope: number;
  /** A soft score of few pixels, and what each pixel adds. */
  score: number;
  scoreStep: number;
}

// Graphics cards round float32 less well: its sums are allowed fourfold, its errors eightfold. Halves are computed in float32 and then rounded, on
// processors and graphics cards alike, so that they are off by no more than u.
const UNITS: Record<Precision, Units> = {
  float32: { u: 2 ** -24, step: 4, error: 8, exponential: 128, weight: 64, slope: 32, score: 256, scoreStep: 4 },
  float16: { u: 2 ** -11, step: 1, error: 2, exponential: 8, weight: 4, slope: 8, score: 16, scoreStep: 2 },
};

const unitsOf = ({ precision = "float32" }: Pick<LossCase, "precision">): Units => UNITS[precision];

/** What the rounding of numbers, to be used or compared, may change: a few u, by their size. */
export const numberRounding = (how: Pick<LossCase, "precision">): number => 4 * unitsOf(how).u;

/**
 * How far apart two errors of a single value, the greater `error`, may be and still be told apart wrongly or not at all. 1 - logit and
 * |label - p| are off by at most u (1 + error); in float32 eightfold, as graphics cards round less well. A sigmoid is off by a few
 * units more, in float32 its exponential by up to about 2^-18.
 */
export function errorRounding(how: Numerics, error: number): number {
  const { u, error: units, exponential } = unitsOf(how);
  return (how.kind === "sigmoid" ? exponential : units) * u * (1 + error);
}

/**
 * By which share of itself a softmax probability may be off: in float32 its exponential and division by up to 2^-17, as for the sigmoid; in float16
 * the sum of `classes` exponentials by a u for each. An exponential of a rounded difference d is off by d u exp(-d), less than u.
 * Code that takes the logarithm of the sum of exponentials from the logit rounds that logarithm, `greatest` + `logSum`. It is off by up to u times its
 * size, in float32 fourfold, but by no more than `logSum`, because `greatest` needs no rounding.
 */
export function probabilityRounding(how: Numerics, greatest: number, logSum: number, classes: number): number {
  const { u, exponential, step } = unitsOf(how);
  const sum = how.precision === "float16" ? classes : 0;
  return (exponential + sum) * u + Math.expm1(Math.min(step * u * Math.abs(greatest), logSum));
}

/**
 * How far off a derivative of the extension may be. The published weights are differences of 1 - I / U: in float16 both operands are off by at most u,
 * their difference by 3 u, and the bound is 4 u. In float32 it is 2^-18 = 64 u: division on graphics cards is off by several units, and
 * some losses add an epsilon of 1e-6 to the union.
 */
export function derivativeRounding(how: Pick<LossCase, "precision">): number {
  const { u, weight } = unitsOf(how);
  return weight * u;
}

/** How far off the derivative of the error by the value may be; p (1 - p) of a p near 1 loses what is below u. */
export function errorDerivativeRounding(how: Numerics): number {
  const { u, slope } = unitsOf(how);
  return how.kind === "sigmoid" ? slope * u : 0;
}

/**
 * How far off the value of a soft score of n pixels may be: its sums are off by a share of (n - 1) u, in float32 fourfold as above, a float32 sigmoid
 * by up to 2^-18; and where the loss is raised to a power of 3/4, what 1 - score loses below u grows to 2^-17. In float16 the same power is taken of
 * all that 1 - score loses.
 */
export function scoreRounding(how: Numerics, n: number): number {
  const { u, score, scoreStep } = unitsOf(how);
  const off = score * u + scoreStep * u * n;
  return how.precision === "float16" && how.kind === "tversky" ? off ** (3 / 4) : off;
}

/** How far off the gradient of a soft score may be where its value is not; p (1 - p) as above, which a sum of labels divides. */
export const scoreGradientRounding = (how: Pick<LossCase, "precision">): number => 16 * unitsOf(how).u;

/**
 * How far off the value of the loss may be. A sum of n products, added in any order, is off by (n - 1) u times the sum of
 * their sizes, which is the value, at most the greatest error, as the weights sum to 1; weights off by 5 u each add as much
 * as 5 n u times the greatest error. In float16 it is less: the weights are differences of numbers that are each off by u, and in the sum all but the
 * last cancel; and the mean adds a u for each term. As the extension grows by no more than its errors do (its derivatives are at least 0 and sum
 * to at most 1), errors that are off or tied wrongly add no more than their rounding.
 */
export function valueRounding(how: Numerics, terms: readonly Term[]): number {
  const { u, step, error } = unitsOf(how);
  const more = how.precision === "float16" ? terms.length : 0;
  return terms.reduce((sum, { share, errors, rounding }) => {
    const greatest = errors.reduce((a, b) => Math.max(a, b), 0);
    const off = rounding.reduce((a, b) => Math.max(a, b), error * u);
    return sum + share * (step * u * (errors.length + more + 16) * greatest + off);
  }, 0);
}
