// How far a correct loss may be from the mathematics. A loss may compute in float32 by the published sums and differences,
// with u = 2^-24, half the distance from 1 to the next float32.
import type { Kind } from "../lossCase.js";
import type { Term } from "./term.js";

/**
 * How far apart two errors of a single value, the greater `error`, may be and still be told apart wrongly or not at all. 1 - logit and
 * |label - p| are off by at most u (1 + error); eightfold, as graphics cards round less well. A float32 sigmoid is off by a few
 * units more, its exponential by up to about 2^-18.
 */
export function errorRounding(kind: Kind, error: number): number {
  return (kind === "sigmoid" ? 2 ** -17 : 2 ** -21) * (1 + error);
}

/**
 * By which share of itself a float32 softmax probability may be off: its exponential and division by up to 2^-17, as for the sigmoid.
 * Code that takes the logarithm of the sum of exponentials from the logit rounds that logarithm, `greatest` + `logSum`, to float32. It
 * is off by up to u times its size, fourfold, but by no more than `logSum`, because `greatest` is a float32 number.
 */
export const probabilityRounding = (greatest: number, logSum: number): number =>
  2 ** -17 + Math.expm1(Math.min(2 ** -22 * Math.abs(greatest), logSum));

/**
 * How far off a derivative of the extension may be. The published weights are differences of 1 - I / U: both operands are off by
 * at most 2 u, their difference by 5 u. The bound is 2^-18 = 64 u: division on graphics cards is off by several units, and
 * some losses add an epsilon of 1e-6 to the union.
 */
export const DERIVATIVE_ROUNDING = 2 ** -18;

/** How far off the derivative of the error by the value may be; p (1 - p) of a p near 1 loses what is below u. */
export const errorDerivativeRounding = (kind: Kind): number => (kind === "sigmoid" ? 2 ** -19 : 0);

/**
 * How far off the value of a soft score of n pixels may be: its sums are off by a share of (n - 1) u, fourfold as above, a float32 sigmoid
 * by up to 2^-18; and where the loss is raised to a power of 3/4, what 1 - score loses below u grows to 2^-17.
 */
export const scoreRounding = (n: number): number => 2 ** -16 + 2 ** -22 * n;

/**
 * How far off the value of the loss may be. A sum of n products, added in any order, is off by (n - 1) u times the sum of
 * their sizes, which is the value, at most the greatest error, as the weights sum to 1; weights off by 5 u each add as much
 * as 5 n u times the greatest error. As the extension grows by no more than its errors do (its derivatives are at least 0 and sum
 * to at most 1), errors that are off or tied wrongly add no more than their rounding.
 */
export function valueRounding(terms: readonly Term[]): number {
  return terms.reduce((sum, { share, errors, rounding }) => {
    const greatest = errors.reduce((a, b) => Math.max(a, b), 0);
    const off = rounding.reduce((a, b) => Math.max(a, b), 2 ** -21);
    return sum + share * (2 ** -22 * (errors.length + 16) * greatest + off);
  }, 0);
}
