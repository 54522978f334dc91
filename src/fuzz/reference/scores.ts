import type { LossCase, Score } from "../lossCase.js";
import { groupsOf } from "./terms.js";

/** Sums over the pixels of a group: of probabilities in the foreground, of all, of their squares, and of labels. */
interface Sums {
  intersection: number;
  sum: number;
  squares: number;
  positives: number;
}

/**
 * The least and the most that a loss of a soft score may be, over all of these ways to define it, each of which is in use:
 *
 * - Dice: 1 - (2 I + s) / (sum p + sum t + s), or with squares p^2 in the denominator (Milletari et al., "V-Net", 2016), I = sum p t.
 *   A constant of 1 added to I and to the mean of both sums is s = 2, so s is from 0 to 2.
 * - Jaccard: 1 - (I + s) / (sum p + sum t - I + s), or with squares (Rahman, Wang 2016), s from 0 to 1.
 * - Tversky: 1 - (I + s) / (I + alpha FP + beta FN + s) (Salehi et al. 2017), s from 0 to 1, weights from 1/20 to 2; and its powers from
 *   1/3 to 3 (Abraham, Khan 2019).
 *
 * All of them fall with s, as the score is at most 1. In a group without positives these losses are anything from 0 to 1: with s they
 * depend on the false positives, without it they are 1, and some code leaves such a group out as 0.
 */
export function scoreBounds(example: LossCase): [least: number, most: number] {
  const groups = groupsOf(example);
  let [least, most] = [0, 0];
  for (const group of groups) {
    const [low, high] = boundsOf(example.kind as Score, sumsOf(example, group));
    least += low / groups.length;
    most += high / groups.length;
  }
  return [least, most];
}

function sumsOf({ values, labels }: LossCase, group: readonly number[]): Sums {
  const sums = { intersection: 0, sum: 0, squares: 0, positives: 0 };
  for (const i of group) {
    const p = 1 / (1 + Math.exp(-values[i]));
    sums.sum += p;
    sums.squares += p * p;
    if (labels[i] !== 1) continue;
    sums.positives += 1;
    sums.intersection += p;
  }
  return sums;
}

function boundsOf(kind: Score, { intersection, sum, squares, positives }: Sums): [least: number, most: number] {
  if (positives === 0) return [0, 1];
  if (kind === "dice") {
    const loss = (total: number, s: number) => 1 - (2 * intersection + s) / (total + positives + s);
    return [loss(squares, 2), loss(sum, 0)];
  }
  if (kind === "jaccard") {
    const loss = (total: number, s: number) => 1 - (intersection + s) / (total + positives - intersection + s);
    return [loss(squares, 1), loss(sum, 0)];
  }
  const wrong = sum + positives - 2 * intersection;
  const loss = (weight: number, s: number) => (weight * wrong) / (intersection + weight * wrong + s);
  return [loss(1 / 20, 1) ** 3, Math.min(1, loss(2, 0)) ** (1 / 3)];
}
