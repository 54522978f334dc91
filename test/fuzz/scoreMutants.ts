// Broken soft Dice, Jaccard and Tversky losses: plain ones with one mistake each, of the kinds people make.
import type { CaseOptions, LossUnderTest } from "../../src/fuzz/index.js";
import { plainScore, type Score, type ScoreSteps } from "./plainScore.js";

export interface ScoreMutant {
  name: string;
  kind: Score;
  loss: () => LossUnderTest;
}

const SCORES: readonly Score[] = ["dice", "jaccard", "tversky"];
const mutants: ScoreMutant[] = [];

export const SCORE_MUTANTS: readonly ScoreMutant[] = mutants;

type Plain = (values: Float32Array, labels: Int32Array, options: CaseOptions) => { value: number; grad: Float32Array };

function steps(name: string, other: (right: ScoreSteps, kind: Score) => Partial<ScoreSteps>, kinds = SCORES): void {
  for (const kind of kinds) mutants.push({ name, kind, loss: () => plainScore(kind, other) });
}

function around(name: string, make: (right: Plain) => (...given: Parameters<Plain>) => ReturnType<LossUnderTest>): void {
  for (const kind of SCORES) mutants.push({ name, kind, loss: () => make(plainScore(kind) as Plain) });
}

/** Other weights of the score, from the right ones. */
const weighed = (change: (right: ScoreSteps["weights"]) => Partial<ScoreSteps["weights"]>) => (right: ScoreSteps) => ({
  weights: { ...right.weights, ...change(right.weights) },
});

// the score
steps(
  "intersection not doubled",
  weighed(() => ({ above: 1 })),
  ["dice"],
);
steps(
  "intersection doubled",
  weighed(() => ({ above: 2 })),
  ["jaccard", "tversky"],
);
steps(
  "intersection not taken from the union",
  weighed(() => ({ I: 0 })),
  ["jaccard"],
);
steps(
  "intersection added to the union",
  weighed(() => ({ I: 1 })),
  ["jaccard"],
);
steps("Jaccard for Dice", () => ({ weights: { above: 1, I: -1, S: 1, T: 1 } }), ["dice"]);
steps("Dice for Jaccard", () => ({ weights: { above: 2, I: 0, S: 1, T: 1 } }), ["jaccard"]);
steps(
  "labels not in the denominator",
  weighed(() => ({ T: 0 })),
);
steps(
  "predictions not in the denominator",
  weighed(() => ({ S: 0 })),
);
steps(
  "labels taken away",
  weighed(({ T }) => ({ T: -T })),
);
steps("weights of false positives without a share of the intersection", () => ({ weights: { above: 1, I: 1, S: 0.5, T: 0.5 } }), [
  "tversky",
]);
steps("true positives forgotten below the line", () => ({ weights: { above: 1, I: -1, S: 0.5, T: 0.5 } }), ["tversky"]);
steps("no weight of false positives", () => ({ weights: { above: 1, I: 0, S: 0, T: 1 } }), ["tversky"]);
steps("no weight of false negatives", () => ({ weights: { above: 1, I: 0, S: 1, T: 0 } }), ["tversky"]);
steps("recall for the score", () => ({ weights: { above: 1, I: 0, S: 0, T: 1 } }));
steps("precision for the score", () => ({ weights: { above: 1, I: 0, S: 1, T: 0 } }));
steps("smoothed above only", () => ({ smooth: [1, 0] }));
steps("smoothed below only", () => ({ smooth: [0, 1] }));
steps("smoothed by 100", () => ({ smooth: [100, 100] }));
steps("smoothed more above than below", () => ({ smooth: [1, 0.5] }));
steps("a lower bound of 10", () => ({ eps: 10 }));
steps("no lower bound, NaN", () => ({ eps: 0 }));
steps("powers of 3 below the line", () => ({ power: 3 }), ["tversky"]);
steps("hard labels of predictions", () => ({ probability: (x) => Number(x > 0), slope: (_, x) => Math.exp(-x * x) }));
steps("predictions of the other class", () => ({ probability: (x) => 1 / (1 + Math.exp(x)), slope: (p) => -p * (1 - p) }));
steps("labels of the other class", () => ({ target: (label) => 1 - label }));
steps("labels smoothed", () => ({ target: (label) => 0.9 * label + 0.05 }));
steps("labels as signs", () => ({ target: (label) => 2 * label - 1 }));
steps("product of the sums below the line", (right) => ({
  score: (sums, given) => right.score({ ...sums, S: sums.S * sums.T }, given),
}));
steps("mean of the intersection, sums below", (right) => ({
  score: (sums, given) => {
    const { loss, byI, byS } = right.score({ ...sums, I: sums.I / Math.max(1, sums.T) }, given);
    return { loss, byI: byI / Math.max(1, sums.T), byS };
  },
}));
steps("no positives, NaN", (right) => ({
  score: (sums, given) => (sums.T === 0 ? { loss: Number.NaN, byI: 0, byS: 0 } : right.score(sums, given)),
}));

// what becomes of it
const finished = (value: (loss: number) => number, factor: (loss: number) => number) => () => ({
  finish: (loss: number): [number, number] => [value(loss), factor(loss)],
});
steps(
  "the score, not 1 - score",
  finished(
    (loss) => 1 - loss,
    () => -1,
  ),
);
steps(
  "minus the score",
  finished(
    (loss) => loss - 1,
    () => 1,
  ),
);
steps(
  "2 - score",
  finished(
    (loss) => 1 + loss,
    () => 1,
  ),
);
steps(
  "times 100",
  finished(
    (loss) => 100 * loss,
    () => 100,
  ),
);
steps(
  "1 percent too large",
  finished(
    (loss) => 1.01 * loss,
    () => 1.01,
  ),
);
steps(
  "minus the logarithm of the score",
  finished(
    (loss) => -Math.log(1 - Math.min(loss, 0.9999)),
    (loss) => 1 / (1 - Math.min(loss, 0.9999)),
  ),
);
steps(
  "squared, its gradient not",
  finished(
    (loss) => loss ** 2,
    () => 1,
  ),
);
steps(
  "gradient sign",
  finished(
    (loss) => loss,
    () => -1,
  ),
);
steps(
  "half the gradient",
  finished(
    (loss) => loss,
    () => 0.5,
  ),
);
steps(
  "gradient 2 percent too large",
  finished(
    (loss) => loss,
    () => 1.02,
  ),
);
steps(
  "no gradient",
  finished(
    (loss) => loss,
    () => 0,
  ),
);
steps(
  "gradient times the loss",
  finished(
    (loss) => loss,
    (loss) => loss,
  ),
);
steps(
  "gradient of the logarithm",
  finished(
    (loss) => loss,
    (loss) => 1 / (1.1 - loss),
  ),
);

// the gradient
const derived = (change: (scored: { loss: number; byI: number; byS: number }) => object) => (right: ScoreSteps) => ({
  score: (...given: Parameters<ScoreSteps["score"]>) => {
    const scored = right.score(...given);
    return { ...scored, ...change(scored) };
  },
});
steps(
  "gradient of the numerator only",
  derived(() => ({ byS: 0 })),
);
steps(
  "gradient of the denominator only",
  derived(() => ({ byI: 0 })),
);
steps(
  "gradient of the denominator of the wrong sign",
  derived(({ byS }) => ({ byS: -byS })),
);
steps(
  "gradient of the intersection doubled",
  derived(({ byI }) => ({ byI: 2 * byI })),
);
steps("squares below the line, their gradient not", () => ({ power: 2, slope: (p) => (p * (1 - p)) / (2 * p + 1e-30) }), [
  "dice",
  "jaccard",
]);

// the sigmoid
steps("no sigmoid", () => ({ probability: (x) => x, slope: () => 1 }));
steps("gradient by the probabilities", () => ({ slope: () => 1 }));
steps("slope of the sigmoid p", () => ({ slope: (p) => p }));
steps("sigmoid twice", () => {
  const once = (x: number) => 1 / (1 + Math.exp(-x));
  return { probability: (x) => once(once(x)), slope: (p, x) => p * (1 - p) * once(x) * (1 - once(x)) };
});
steps("hyperbolic tangent", () => ({ probability: Math.tanh, slope: (p) => 1 - p * p }));
steps("gradient of a temperature forgotten", () => ({ probability: (x) => 1 / (1 + Math.exp(-x / 2)) }));
steps("logits cut at 1", () => ({
  probability: (x) => 1 / (1 + Math.exp(-Math.min(1, Math.max(-1, x)))),
  slope: (p, x) => (Math.abs(x) < 1 ? p * (1 - p) : 0),
}));
steps("exponential overflows", () => ({ probability: (x) => Math.fround(Math.exp(x)) / (1 + Math.fround(Math.exp(x))) }));

// ignored pixels
steps("ignore not honoured, void is background", () => ({ counts: () => true, target: (label) => Number(label === 1) }));
steps("ignore not honoured, void is its number", () => ({ counts: () => true }));
steps("ignore only where it is 255", () => ({ counts: (label) => label !== 255 }));
steps("ignore of 0 not seen", () => ({ counts: (label, { ignore }) => !ignore || label !== ignore }));
steps("negative labels only are void", () => ({ counts: (label, { ignore = 0 }) => ignore >= 0 || label !== ignore }));
around("void pixels have a gradient", (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  return { value, grad: grad.map((slope, i) => (labels[i] === options.ignore ? 0.01 : slope)) };
});
around("all void, NaN", (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  return { value: labels.every((label) => label === options.ignore) ? Number.NaN : value, grad };
});

// images
steps("perImage not honoured, always one", () => ({ perImage: () => false }));
steps("perImage not honoured, always each", () => ({ perImage: () => true }));
steps("sum over images", () => ({ groups: () => [1, 1] }));
steps("gradient not divided by images", () => ({ groups: (count) => [count, 1] }));
steps("gradient divided by images twice", () => ({ groups: (count) => [count, count * count] }));
steps("mean over one image more", () => ({ groups: (count) => (count > 1 ? [count + 1, count + 1] : [1, 1]) }));
around("gradients of the images swapped", (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  const size = grad.length / options.shape[0];
  return { value, grad: Float32Array.from(grad, (_, i) => grad[grad.length - size - (i - (i % size)) + (i % size)]) };
});
around("labels of the first image for all", (right) => (values, labels, options) => {
  const n = labels.length / options.shape[0];
  return right(
    values,
    labels.map((_, i) => labels[i % n]),
    options,
  );
});

// pixels
steps("last pixel left out", () => ({ chosen: (pixels) => (pixels.length > 1 ? pixels.slice(0, -1) : pixels) }));
steps("pixels from the 256th on left out", () => ({ chosen: (pixels) => pixels.slice(0, 256) }));
around("no gradient for positives", (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  return { value, grad: grad.map((slope, i) => (labels[i] === 1 ? 0 : slope)) };
});
around("no gradient for negatives", (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  return { value, grad: grad.map((slope, i) => (labels[i] === 1 ? slope : 0)) };
});
around("last gradient of 0", (right) => (...given) => {
  const { value, grad } = right(...given);
  return { value, grad: grad.with(-1, 0) };
});
around("gradient in turned order", (right) => (...given) => {
  const { value, grad } = right(...given);
  return { value, grad: grad.toReversed() };
});
around("a little cross-entropy mixed in", (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  const valid = [...labels.keys()].filter((i) => labels[i] !== options.ignore);
  const entropy = valid.reduce((sum, i) => sum + Math.log1p(Math.exp((1 - 2 * labels[i]) * Math.min(50, Math.max(-50, values[i])))), 0);
  return { value: value + (0.1 * entropy) / Math.max(1, valid.length), grad };
});

// the answer, and what stays behind
around("gradient too short", (right) => (...given) => ({ ...right(...given), grad: right(...given).grad.slice(1) }));
around("throws where nothing is positive", (right) => (values, labels, options) => {
  if (!labels.includes(1)) throw new RangeError("nothing is positive");
  return right(values, labels, options);
});
around("probabilities written over the logits", (right) => (values, labels, options) => {
  const answer = right(values, labels, options);
  values.forEach((x, i) => {
    values[i] = 1 / (1 + Math.exp(-x));
  });
  return answer;
});
around("gradient accumulates", (right) => {
  const kept = new Map<number, Float32Array>();
  return (...given) => {
    const { value, grad } = right(...given);
    const before = kept.get(grad.length);
    const sum = before ? grad.map((slope, i) => slope + before[i]) : grad;
    kept.set(grad.length, sum);
    return { value, grad: sum.slice() };
  };
});
around("running mean of the loss", (right) => {
  let mean: number | null = null;
  return (...given) => {
    const { value, grad } = right(...given);
    mean = mean === null ? value : 0.9 * mean + 0.1 * value;
    return { value: mean, grad };
  };
});
for (const size of [64, 257, 1024]) {
  around(`gradient lost of images of ${size} pixels`, (right) => (values, labels, options) => {
    const { value, grad } = right(values, labels, options);
    return { value, grad: labels.length / options.shape[0] === size ? grad.fill(0) : grad };
  });
}
