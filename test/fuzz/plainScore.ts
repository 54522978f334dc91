// Soft Dice, Jaccard and Tversky losses step by step, in float64: each step may be replaced, by another right way or by a mistake.
import type { CaseOptions, LossUnderTest } from "../../src/fuzz/index.js";

export type Score = "dice" | "jaccard" | "tversky";

/** Sums over the pixels of a group: of p t, of p to the power, and of t. */
export interface Sums {
  I: number;
  S: number;
  T: number;
}

/** A loss, and its derivatives by the sums I and S. */
export interface Scored {
  loss: number;
  byI: number;
  byS: number;
}

export interface ScoreSteps {
  /** The score is (over[0] I + over[1]) / max(under I + S + ... + smoothing, eps), see `score`. */
  smooth: [above: number, below: number];
  eps: number;
  /** The power of probabilities in S: 1 or 2. */
  power: number;
  /** The weights of I, and below the line of I, S and T. */
  weights: { above: number; I: number; S: number; T: number };
  probability(x: number): number;
  /** d p / d x, from p and x. */
  slope(p: number, x: number): number;
  target(label: number): number;
  counts(label: number, options: CaseOptions): boolean;
  perImage(options: CaseOptions): boolean;
  score(sums: Sums, steps: ScoreSteps): Scored;
  /** What becomes of the loss of a group, and by which its derivatives are multiplied. */
  finish(loss: number, sums: Sums): [value: number, factor: number];
  /** What the sums over groups are divided by: of the value, and of the gradient. */
  groups(count: number): [value: number, gradient: number];
  /** The pixels of a group that are summed up. */
  chosen(pixels: number[]): number[];
  round(x: number): number;
}

const WEIGHTS = {
  dice: { above: 2, I: 0, S: 1, T: 1 },
  jaccard: { above: 1, I: -1, S: 1, T: 1 },
  tversky: { above: 1, I: 0, S: 0.5, T: 0.5 },
};

export const scoreSteps = (kind: Score): ScoreSteps => ({
  smooth: [0, 0],
  eps: 1e-7,
  power: 1,
  weights: WEIGHTS[kind],
  probability: (x) => 1 / (1 + Math.exp(-x)),
  slope: (p) => p * (1 - p),
  target: (label) => label,
  counts: (label, { ignore }) => label !== ignore,
  perImage: ({ perImage = false }) => perImage,
  score: ({ I, S, T }, { smooth, eps, weights, round }) => {
    const above = round(weights.above * I + smooth[0]);
    const sum = round(weights.I * I + weights.S * S + weights.T * T + smooth[1]);
    const below = Math.max(sum, eps);
    const isFree = sum > eps ? 1 : 0;
    const score = round(above / below);
    return {
      loss: round(1 - score),
      byI: round((-weights.above + isFree * score * weights.I) / below),
      byS: round((isFree * score * weights.S) / below),
    };
  },
  finish: (loss) => [loss, 1],
  groups: (count) => [count, count],
  chosen: (pixels) => pixels,
  round: (x) => x,
});

/** The loss of `kind` by its steps, some of them replaced. */
export function plainScore(kind: Score, other: (right: ScoreSteps, kind: Score) => Partial<ScoreSteps> = () => ({})): LossUnderTest {
  const right = scoreSteps(kind);
  const steps = { ...right, ...other(right, kind) };
  const { round, power } = steps;
  return (values, labels, options) => {
    const [B] = options.shape.length === 1 ? [1] : options.shape;
    const N = labels.length / B;
    const every = Array.from(labels, (_, i) => i);
    const groups = steps.perImage(options) ? Array.from({ length: B }, (_, b) => every.slice(b * N, (b + 1) * N)) : [every];
    const grad = new Float32Array(values.length);
    const [valueCount, gradientCount] = steps.groups(groups.length);
    let value = 0;
    for (const group of groups) {
      const pixels = steps.chosen(group.filter((i) => steps.counts(labels[i], options)));
      const p = pixels.map((i) => round(steps.probability(values[i])));
      const t = pixels.map((i) => steps.target(labels[i]));
      const total = (numbers: number[]) => numbers.reduce((a, b) => round(a + b), 0);
      const sums = { I: total(p.map((one, k) => one * t[k])), S: total(p.map((one) => round(one ** power))), T: total(t) };
      const { loss, byI, byS } = steps.score(sums, steps);
      const [finished, factor] = steps.finish(loss, sums);
      value += finished / valueCount;
      pixels.forEach((i, k) => {
        const byP = round(byI * t[k] + byS * power * p[k] ** (power - 1));
        grad[i] = round((factor * round(byP * round(steps.slope(p[k], values[i])))) / gradientCount);
      });
    }
    return { value, grad };
  };
}
