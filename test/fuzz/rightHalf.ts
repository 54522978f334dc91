// Right losses in half precision, in the ways that people compute it: what a judge must never refuse.
import type { Kind, LossUnderTest, Score } from "../../src/fuzz/index.js";
import { isScore } from "../../src/fuzz/lossCase.js";
import { toHalf } from "../../src/fuzz/precision.js";
import { ofLogits } from "./ofLogits.js";
import type { Kind as PlainKind } from "./plain.js";
import { plainScore, type ScoreSteps } from "./plainScore.js";
import { float32, meanOfOrders, otherKinks, pairwise, randomTies, rounded } from "./right.js";
import { waysIn } from "./rightLogits.js";
import { power, rounding, smoothed, weights } from "./rightScores.js";

/** `loss` with its results rounded to half. */
export function answersInHalf(loss: LossUnderTest): LossUnderTest {
  return async (...given) => {
    const { value, grad } = await loss(...given);
    return { value: toHalf(value as number), grad: (grad as Float32Array).map(toHalf) };
  };
}

const HALF_WAYS = Object.values(waysIn(toHalf));
const FLOAT32_WAYS = Object.values(waysIn(Math.fround));

const binary =
  (loss: (kind: PlainKind) => LossUnderTest, way = HALF_WAYS[0]) =>
  (kind: Kind) =>
    answersInHalf(kind === "softmax-logits" ? ofLogits(loss("softmax"), way) : loss(kind as PlainKind));

const score = (steps: (kind: Score) => Partial<ScoreSteps>) => (kind: Kind) =>
  answersInHalf(plainScore(kind as Score, () => steps(kind as Score)));

const style = (lovasz: (kind: Kind) => LossUnderTest, soft: (kind: Kind) => LossUnderTest) => (kind: Kind) =>
  isScore(kind) ? soft(kind) : lovasz(kind);

const all = (kind: PlainKind) => rounded(kind, toHalf);
// a lower bound of 1e-7 makes the gradient infinite
const half: Partial<ScoreSteps> = { ...rounding(toHalf), eps: 1e-3 };
const tverskyOnly = (kind: Score, steps: Partial<ScoreSteps>) => (kind === "tversky" ? steps : {});

export const RIGHT_HALF: Record<string, (kind: Kind) => LossUnderTest> = {
  "all in half": style(
    binary(all),
    score(() => half),
  ),
  "half outside, float32 within": style(
    binary(float32, FLOAT32_WAYS[0]),
    score(() => rounding(Math.fround)),
  ),
  "log-softmax; smoothing of 1": style(
    binary(all, HALF_WAYS[1]),
    score((kind) => ({ ...half, ...smoothed(1, kind) })),
  ),
  "x - logsumexp; squares": style(
    binary(all, HALF_WAYS[2]),
    score((kind) => ({ ...half, ...(kind === "tversky" ? {} : { power: 2 }) })),
  ),
  "the whole Jacobian; weights 0.3 and 0.7": style(
    binary(all, { ...HALF_WAYS[0], chain: HALF_WAYS[3].chain }),
    score((kind) => ({ ...half, ...smoothed(1, kind), ...tverskyOnly(kind, weights(0.3, 0.7)) })),
  ),
  "random ties; power of 3/4": style(
    binary(randomTies),
    score((kind) => ({ ...half, ...tverskyOnly(kind, power(3 / 4)) })),
  ),
  "mean of orders; power of 4/3": style(
    binary(meanOfOrders, FLOAT32_WAYS[1]),
    score((kind) => ({ ...half, ...smoothed(1, kind), ...tverskyOnly(kind, power(4 / 3)) })),
  ),
  "other kinks; a little below the line": style(
    binary(otherKinks),
    score(() => ({ ...half, smooth: [0, 1e-6] })),
  ),
  "added by halves; weights 0.9 and 0.1": style(
    binary(pairwise),
    score((kind) => ({ ...half, ...smoothed(1e-6, kind), ...tverskyOnly(kind, weights(0.9, 0.1)) })),
  ),
};
