// Right soft losses of many styles: what a judge must never refuse.
import type { LossUnderTest } from "../../src/fuzz/index.js";
import { dice, jaccard, tensor, tversky, valueAndGrad } from "../../src/index.js";
import { plainScore, type Score, type ScoreSteps } from "./plainScore.js";

const f = Math.fround;
/** Each operation rounded by `f`. */
export const rounding = (f: (x: number) => number): Partial<ScoreSteps> => ({
  round: f,
  probability: (x) => f(1 / f(1 + f(Math.exp(-x)))),
});
const float32 = rounding(f);
const style =
  (other: (right: ScoreSteps, kind: Score) => Partial<ScoreSteps>) =>
  (kind: Score): LossUnderTest =>
    plainScore(kind, other);

/** The smoothing that a kind has for a constant of `s` added to the intersection. */
export const smoothed = (s: number, kind: Score): Partial<ScoreSteps> => ({ smooth: kind === "dice" ? [2 * s, 2 * s] : [s, s] });
/** 1 - score, to a power. */
export const power = (gamma: number): Partial<ScoreSteps> => ({
  finish: (loss) => [Math.max(0, loss) ** gamma, loss > 0 ? gamma * loss ** (gamma - 1) : 0],
});
const tverskyOnly = (kind: Score, other: Partial<ScoreSteps>): Partial<ScoreSteps> => (kind === "tversky" ? other : {});
export const weights = (alpha: number, beta: number) => ({ weights: { above: 1, I: 1 - alpha - beta, S: alpha, T: beta } });

export const RIGHT_SCORES: Record<string, (kind: Score) => LossUnderTest> = {
  plain: style(() => ({})),
  "float32, smoothing of 1": style((_, kind) => ({ ...float32, ...smoothed(1, kind) })),
  "float32, smoothing of 1e-6": style((_, kind) => ({ ...float32, ...smoothed(1e-6, kind) })),
  "float32, a lower bound only": style(() => float32),
  "squares below the line": style((_, kind) => (kind === "tversky" ? {} : { power: 2 })),
  "squares in float32, smoothing of 1": style((_, kind) => ({
    ...float32,
    ...smoothed(1, kind),
    ...(kind === "tversky" ? {} : { power: 2 }),
  })),
  "smoothing of 1 above and below 2 I": style(() => ({ smooth: [1, 1] })),
  "a little below the line only": style(() => ({ smooth: [0, 1e-6] })),
  "groups without positives left out as 0": style((right) => ({
    score: (sums, steps) => (sums.T === 0 ? { loss: 0, byI: 0, byS: 0 } : right.score(sums, steps)),
  })),
  "weights 0.3 and 0.7": style((_, kind) => tverskyOnly(kind, weights(0.3, 0.7))),
  "weights 1 and 1": style((_, kind) => tverskyOnly(kind, weights(1, 1))),
  "weights 0.9 and 0.1, float32, smoothing of 1": style((_, kind) =>
    tverskyOnly(kind, { ...float32, ...smoothed(1, kind), ...weights(0.9, 0.1) }),
  ),
  "power of 3/4": style((_, kind) => tverskyOnly(kind, { ...smoothed(1e-6, kind), ...weights(0.3, 0.7), ...power(3 / 4) })),
  "power of 3/4 in float32": style((_, kind) => tverskyOnly(kind, { ...float32, ...smoothed(1e-6, kind), ...power(3 / 4) })),
  "power of 4/3": style((_, kind) => tverskyOnly(kind, { ...smoothed(1, kind), ...power(4 / 3) })),
  "power of 2": style((_, kind) => tverskyOnly(kind, power(2))),
  "probabilities clamped": style(() => ({
    probability: (x) => Math.min(1 - 1e-7, Math.max(1e-7, 1 / (1 + Math.exp(-x)))),
    slope: (p) => (p === 1e-7 || p === 1 - 1e-7 ? 0 : p * (1 - p)),
  })),
  "by the hyperbolic tangent, in float32": style(() => ({ ...float32, probability: (x) => f(f(f(Math.tanh(f(x / 2))) + 1) / 2) })),
  masked: (kind) => {
    const loss = plainScore(kind);
    return async (values, labels, options) => {
      const masked = values.map((x, i) => (labels[i] === options.ignore ? -200 : x));
      const { value, grad } = await loss(
        masked,
        labels.map((label) => (label === options.ignore ? 0 : label)),
        { ...options, ignore: undefined },
      );
      return { value, grad: (grad as Float32Array).map((slope, i) => (labels[i] === options.ignore ? 0 : slope)) };
    };
  },
  tensors: (kind) => {
    const loss = plainScore(kind, () => float32);
    return async (values, labels, options) => {
      const { value, grad } = await loss(values, labels, options);
      return { value: tensor(value as number), grad: tensor(grad as Float32Array, options.shape) };
    };
  },
  ours: (kind) => oursWith(kind, {}),
  "ours, smoothing of 1": (kind) => oursWith(kind, { smooth: 1 }),
  "ours, weighted": (kind) => oursWith(kind, kind === "tversky" ? { alpha: 0.3, beta: 0.7 } : {}),
  "ours, to a power": (kind) => oursWith(kind, kind === "tversky" ? { gamma: 3 / 4, smooth: 1 } : {}),
};

function oursWith(kind: Score, more: object): LossUnderTest {
  const loss = valueAndGrad({ dice, jaccard, tversky }[kind]);
  return (values, labels, { classes: _, ...options }) => loss(values, labels, { ...options, ...more });
}
