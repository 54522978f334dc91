// Cross-entropies and region losses in float64, from their definitions, over planes [B, C, N] of probabilities and targets.

export interface Planes {
  images: number;
  classes: number;
  pixels: number;
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Softmax over the classes of logits [B, C, N]. */
export function softmax(values: ArrayLike<number>, { images, classes, pixels }: Planes): number[] {
  const out = new Array<number>(values.length);
  for (const b of range(images)) {
    for (const i of range(pixels)) {
      const at = range(classes).map((c) => (b * classes + c) * pixels + i);
      const largest = Math.max(...at.map((k) => values[k]));
      const total = at.reduce((sum, k) => sum + Math.exp(values[k] - largest), 0);
      for (const k of at) out[k] = Math.exp(values[k] - largest) / total;
    }
  }
  return out;
}

/** Targets [B, C, N] of class numbers [B, N]; null where void. */
export function oneHot(labels: ArrayLike<number>, { images, classes, pixels }: Planes, ignore: number | null): (number | null)[] {
  return range(images).flatMap((b) =>
    range(classes).flatMap((c) =>
      range(pixels).map((i) => {
        const label = labels[b * pixels + i];
        return label === ignore ? null : Number(label === c);
      }),
    ),
  );
}

/** The mean over what is not void of `loss(value, target)`. */
export function meanOver(values: ArrayLike<number>, targets: readonly (number | null)[], loss: (x: number, t: number) => number): number {
  const losses = targets.flatMap((t, i) => (t === null ? [] : [loss(values[i], t)]));
  return losses.length === 0 ? 0 : losses.reduce((a, b) => a + b, 0) / losses.length;
}

/** Cross-entropy of one logit with a target in 0..1. */
export function binaryCrossEntropy(x: number, t: number): number {
  const softplus = (v: number) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
  return t * softplus(-x) + (1 - t) * softplus(x);
}

/** What is the same but for a factor on its positive term. */
export const positiveWeighted =
  (loss: (x: number, t: number) => number, factor: number) =>
  (x: number, t: number): number =>
    factor * t * loss(x, 1) + (1 - t) * loss(x, 0);

/** The mean over what is not void, number i times `weights[i]`; the weights do not divide. */
export function weightedMeanOver(
  values: ArrayLike<number>,
  targets: readonly (number | null)[],
  weights: ArrayLike<number>,
  loss: (x: number, t: number, i: number) => number,
): number {
  const kept = targets.filter((t) => t !== null).length;
  return (
    targets.reduce<number>((sum, t, i) => sum + (t === null || weights[i] === 0 ? 0 : weights[i] * loss(values[i], t, i)), 0) /
    Math.max(kept, 1)
  );
}

const limitedLog = (p: number) => Math.max(Math.log(p), -100);
const limited = (x: number) => Math.max(x, 1e-12);

/** Cross-entropy of one probability with a target in 0..1. */
export const binaryCrossEntropyGiven = (p: number, t: number): number => -(t * limitedLog(p)) - (1 - t) * Math.max(Math.log1p(-p), -100);

/** Its derivative by the probability. */
export const binarySlopeGiven = (p: number, t: number): number => (p - t) / limited(p * (1 - p));

/** The same as `crossEntropy`, of probabilities [B, C, N]. */
export function crossEntropyGiven(
  p: ArrayLike<number>,
  targets: readonly (number | null)[],
  { classes, pixels }: Planes,
  weights?: readonly number[],
  smoothing = 0,
): { value: number; grad: number[] } {
  const weightAt = (k: number) => weights?.[Math.floor(k / pixels) % classes] ?? 1;
  const mass = targets.reduce<number>((sum, t, k) => sum + (t ?? 0) * weightAt(k), 0);
  const weighted = targets.map((t, k) => (t === null ? 0 : smooth(t, smoothing, classes) * weightAt(k)));
  if (mass === 0) return { value: 0, grad: weighted.map(() => 0) };
  const value = weighted.reduce((sum, t, k) => sum - (t > 0 ? t * limitedLog(p[k]) : 0), 0) / mass;
  return { value, grad: weighted.map((t, k) => (t > 0 ? -t / limited(p[k]) / mass : 0)) };
}

const smooth = (t: number, smoothing: number, classes: number) => (1 - smoothing) * t + smoothing / classes;

/** The focal loss of one probability with a target 0 or 1, and its derivative by the probability. */
export function focalGiven(p: number, t: number, gamma: number, alpha: number | null): { value: number; slope: number } {
  const weight = alpha === null ? 1 : t === 1 ? alpha : 1 - alpha;
  const [right, wrong] = t === 1 ? [p, 1 - p] : [1 - p, p];
  const loss = -Math.max(t === 1 ? Math.log(p) : Math.log1p(-p), -100);
  const slope = -(wrong ** gamma) * (1 / limited(right) + gamma * (wrong > 0 ? loss / wrong : 1));
  return { value: weight * wrong ** gamma * loss, slope: weight * (t === 1 ? slope : -slope) };
}

/**
 * Cross-entropy of logits [B, C, N] with targets like them: its sum by the mass of the targets, both weighted by class. The targets of
 * the sum are smoothed, those of the mass are not.
 */
export function crossEntropy(
  values: ArrayLike<number>,
  targets: readonly (number | null)[],
  planes: Planes,
  weights?: readonly number[],
  smoothing = 0,
): { value: number; grad: number[] } {
  const { classes, pixels } = planes;
  const p = softmax(values, planes);
  const classAt = (k: number) => Math.floor(k / pixels) % classes;
  const weightAt = (k: number) => weights?.[classAt(k)] ?? 1;
  const mass = targets.reduce<number>((sum, t, k) => sum + (t ?? 0) * weightAt(k), 0);
  const weighted = targets.map((t, k) => (t === null ? null : smooth(t, smoothing, classes) * weightAt(k)));
  const column = (k: number) => range(classes).map((c) => k + (c - classAt(k)) * pixels);
  const logTotal = (k: number) => {
    const largest = Math.max(...column(k).map((i) => values[i]));
    return largest + Math.log(column(k).reduce((sum, i) => sum + Math.exp(values[i] - largest), 0));
  };
  if (mass === 0) return { value: 0, grad: weighted.map(() => 0) };
  const value = weighted.reduce<number>((sum, t, k) => sum + (t ? t * (logTotal(k) - values[k]) : 0), 0) / mass;
  const grad = weighted.map((t, k) => (t === null ? 0 : (p[k] * column(k).reduce((sum, i) => sum + (weighted[i] ?? 0), 0) - t) / mass));
  return { value, grad };
}

/** The focal loss of one logit with a target 0 or 1. */
export function focal(x: number, t: number, gamma: number, alpha: number | null): number {
  const wrong = sigmoid(t === 1 ? -x : x);
  return (alpha === null ? 1 : t === 1 ? alpha : 1 - alpha) * wrong ** gamma * binaryCrossEntropy(x, t);
}

export interface RegionOptions {
  alpha: number;
  beta: number;
  gamma?: number;
  smooth?: number;
  eps?: number;
  logLoss?: boolean;
  /** Prediction and label share the lesser of them, not their product. */
  least?: boolean;
}

/** 1 - Tversky index of each class, their mean over all images to the power of gamma, or the mean of the powers of all images. */
export function region(
  probabilities: ArrayLike<number>,
  targets: readonly (number | null)[],
  { images, classes, pixels }: Planes,
  perImage: boolean,
  { alpha, beta, gamma = 1, smooth = 0, eps = 1e-7, logLoss = false, least = false }: RegionOptions,
): number {
  const groups = perImage ? range(images).map((b) => [b]) : [range(images)];
  const losses = groups.map((members) => {
    const ofClasses = range(classes).map((c) => {
      let [tp, fp, fn, labelled] = [0, 0, 0, 0];
      for (const b of members) {
        for (const i of range(pixels)) {
          const k = (b * classes + c) * pixels + i;
          const t = targets[k];
          if (t === null) continue;
          const shared = least ? Math.min(probabilities[k], t) : probabilities[k] * t;
          tp += shared;
          fp += probabilities[k] - shared;
          fn += t - shared;
          labelled += t;
        }
      }
      if (labelled === 0) return 0;
      const score = (tp + smooth) / Math.max(tp + alpha * fp + beta * fn + smooth, eps);
      return logLoss ? -Math.log(Math.max(score, eps)) : 1 - score;
    });
    return (ofClasses.reduce((a, b) => a + b, 0) / classes) ** gamma;
  });
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}
