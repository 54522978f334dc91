// The Lovász losses in float64, from `extension` and the chain rule.
import { type Extension, extension, jaccardSet, type SetFunction } from "./extension.js";

export interface OracleOptions {
  shape: readonly number[];
  ignore?: number | null;
  perImage?: boolean;
  classes?: "present" | "all" | readonly number[];
  classWeights?: readonly number[];
  fromLogits?: boolean;
  pixelWeights?: ArrayLike<number>;
  set?: SetFunction;
}

export interface ValueAndGrad {
  value: number;
  grad: Float64Array;
}

const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);

const masked = (labels: ArrayLike<number>, ignore: number | null | undefined) =>
  Array.from(labels, (label) => (label === ignore ? -1 : label));

/** A loss of binary tasks: the extension of each image at the errors that `error` makes, with d error / d value. */
function binary(
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
  { shape, ignore, perImage = true, set = jaccardSet, pixelWeights }: OracleOptions,
  error: (value: number, label: number) => readonly [error: number, slope: number],
): ValueAndGrad {
  const images = perImage && shape.length > 1 ? shape[0] : 1;
  const n = values.length / images;
  const truth = masked(labels, ignore);
  const grad = new Float64Array(values.length);
  let value = 0;
  for (let image = 0; image < images; image++) {
    const at = Array.from({ length: n }, (_, i) => image * n + i);
    const pairs = at.map((i) => error(values[i], truth[i]));
    const one = extension(
      pairs.map(([e]) => e),
      at.map((i) => truth[i]),
      set,
      at.map((i) => pixelWeights?.[i] ?? 1),
    );
    value += one.value / images;
    at.forEach((i, k) => {
      if (truth[i] >= 0) grad[i] = (one.slopes[k] * pairs[k][1]) / images;
    });
  }
  return { value, grad };
}

/** The Lovász hinge of logits. */
export function hinge(values: ArrayLike<number>, labels: ArrayLike<number>, options: OracleOptions): ValueAndGrad {
  return binary(values, labels, options, (logit, label) => {
    const sign = 2 * label - 1;
    const error = Math.max(0, 1 - logit * sign);
    return [error, error > 0 ? -sign : 0];
  });
}

/** The Lovász loss at the errors |label - sigmoid|. */
export function sigmoid(values: ArrayLike<number>, labels: ArrayLike<number>, options: OracleOptions): ValueAndGrad {
  return binary(values, labels, { perImage: false, ...options }, (value, label) => {
    const p = options.fromLogits === false ? value : 1 / (1 + Math.exp(-value));
    const q = options.fromLogits === false ? 1 - value : 1 / (1 + Math.exp(value));
    const slope = options.fromLogits === false ? 1 : p * q;
    return label === 1 ? [q, -slope] : [p, slope];
  });
}

/** The extension at given errors. */
export function extensionLoss(values: ArrayLike<number>, labels: ArrayLike<number>, options: OracleOptions): ValueAndGrad {
  return binary(values, labels, { perImage: false, ...options }, (error) => [error, 1]);
}

/** A hinge for each channel of [B, C, N] with labels for each logit, each over all images (or image by image): their mean. */
export function multilabel(values: ArrayLike<number>, labels: ArrayLike<number>, options: OracleOptions): ValueAndGrad {
  const [images, classes, pixels] = options.shape;
  const grad = new Float64Array(values.length);
  let value = 0;
  for (let c = 0; c < classes; c++) {
    const at = Array.from({ length: images * pixels }, (_, i) => (Math.floor(i / pixels) * classes + c) * pixels + (i % pixels));
    const { pixelWeights, perImage = false } = options;
    const one = hinge(
      at.map((i) => values[i]),
      at.map((i) => labels[i]),
      { ...options, perImage, shape: [images, pixels], pixelWeights: pixelWeights && at.map((i) => pixelWeights[i]) },
    );
    value += one.value / classes;
    at.forEach((i, k) => {
      grad[i] = one.grad[k] / classes;
    });
  }
  return { value, grad };
}

/**
 * The Lovász-Softmax loss of [B, C, ...], and the smallest relative distance between errors that are not the same, in their complements to 1
 * where these tell more: what computes in float32 may order errors otherwise that are closer than float32 rounds.
 */
export function softmax(values: ArrayLike<number>, labels: ArrayLike<number>, options: OracleOptions): ValueAndGrad & { gap: number } {
  const { shape, ignore, perImage = false, classes = "present", classWeights, fromLogits = true, pixelWeights, set = jaccardSet } = options;
  const [batch, count] = shape;
  const pixels = product(shape.slice(2));
  const truth = masked(labels, ignore);
  const index = (pixel: number, c: number) => (Math.floor(pixel / pixels) * count + c) * pixels + (pixel % pixels);
  const all = Array.from({ length: batch * pixels }, (_, pixel) => pixel);
  const probabilities = all.map((pixel) => {
    const row = Array.from({ length: count }, (_, c) => values[index(pixel, c)]);
    return fromLogits ? softmaxRow(row) : row;
  });
  const grad = new Float64Array(values.length);
  const groups = perImage ? Array.from({ length: batch }, (_, b) => all.slice(b * pixels, (b + 1) * pixels)) : [all];
  let value = 0;
  let gap = Number.POSITIVE_INFINITY;
  for (const group of groups) {
    const present = (c: number) => group.some((pixel) => truth[pixel] === c);
    const chosen = Array.from({ length: count }, (_, c) => c).filter((c) =>
      classes === "all" ? true : classes === "present" ? present(c) : classes.includes(c),
    );
    const isVoid = group.every((pixel) => truth[pixel] < 0);
    if (isVoid || chosen.length === 0) continue;
    const slopes = group.map(() => new Float64Array(count));
    for (const c of chosen) {
      const foreground = group.map((pixel) => (truth[pixel] < 0 ? -1 : truth[pixel] === c ? 1 : 0));
      // 1 - p of the class, without taking it from 1
      const rest = (pixel: number) =>
        fromLogits ? probabilities[pixel].reduce((sum, p, k) => (k === c ? sum : sum + p), 0) : 1 - probabilities[pixel][c];
      const [of, from] = [(pixel: number) => probabilities[pixel][c], rest];
      const tied = withoutRounding(group.map((pixel, i) => (foreground[i] === 1 ? [from(pixel), of(pixel)] : [of(pixel), from(pixel)])));
      gap = Math.min(gap, tied.gap);
      const one: Extension = extension(
        tied.errors,
        foreground,
        set,
        group.map((pixel) => pixelWeights?.[pixel] ?? 1),
      );
      const share = (classWeights?.[c] ?? 1) / chosen.length / groups.length;
      value += one.value * share;
      group.forEach((_, i) => {
        slopes[i][c] += foreground[i] === 1 ? -one.slopes[i] * share : one.slopes[i] * share;
      });
    }
    group.forEach((pixel, i) => {
      const p = probabilities[pixel];
      const mean = fromLogits ? p.reduce((sum, pc, c) => sum + pc * slopes[i][c], 0) : 0;
      for (let c = 0; c < count; c++) grad[index(pixel, c)] = fromLogits ? p[c] * (slopes[i][c] - mean) : slopes[i][c];
    });
  }
  return { value, grad, gap };
}

// What float64 rounds differently in equal pixels must not untie them. Takes errors with their complements, and returns errors of which those
// that are no farther apart than it rounds are the same, and the smallest distance between others.
function withoutRounding(pairs: readonly (readonly number[])[]): { errors: number[]; gap: number } {
  const order = Array.from(pairs, (_, i) => i).sort((i, j) => pairs[i][0] - pairs[j][0] || pairs[j][1] - pairs[i][1]);
  const errors = pairs.map(([error]) => error);
  let gap = Number.POSITIVE_INFINITY;
  for (let k = 1; k < order.length; k++) {
    const [before, at] = [order[k - 1], order[k]];
    const distance = Math.max(...[0, 1].map((part) => relative(pairs[before][part], pairs[at][part])));
    if (distance <= 1e-14) errors[at] = errors[before];
    else gap = Math.min(gap, distance);
  }
  return { errors, gap };
}

const relative = (a: number, b: number) => (a === b ? 0 : Math.abs(a - b) / Math.max(a, b));

function softmaxRow(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
