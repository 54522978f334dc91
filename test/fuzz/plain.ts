// The losses step by step, in float64 and in the plainest JavaScript, each step to be replaced: by another right way, or by a
// mistake. Nothing here comes from the code under test.
import type { CaseOptions, LossUnderTest } from "../../src/fuzz/index.js";

/** The kinds whose errors each depend on one value; ofLogits.ts makes a softmax of logits of that of probabilities. */
export type Kind = "hinge" | "softmax" | "sigmoid";

export interface Extents {
  B: number;
  C: number;
  N: number;
}

/** One extension: its pixels (numbers of labels), and which class. */
export interface Task {
  pixels: number[];
  c: number;
}

export interface Steps {
  extents(shape: readonly number[], size: number): Extents;
  /** Where the value of class `c` of pixel `i` is. */
  place(i: number, c: number, extents: Extents): number;
  isVoid(label: number, options: CaseOptions, extents: Extents): boolean;
  perImage(options: CaseOptions): boolean;
  /** The classes among the labels of valid pixels; `batch` are all labels. */
  classes(labels: number[], C: number, options: CaseOptions, batch: number[]): number[];
  foreground(label: number, c: number): number;
  error(value: number, fg: number): number;
  /** d error / d value. */
  slope(value: number, fg: number): number;
  /** What the hinge does to errors after sorting, and its slope. */
  relu(error: number): number;
  reluSlope(error: number): number;
  /** The ranks of errors: the pixel of each. */
  order(errors: number[], fg: number[]): number[];
  /** The weight of each rank, by labels in order. */
  weights(sorted: number[], errors: number[]): number[];
  /** The weight of each pixel, from those of ranks. */
  scatter(weights: number[], order: number[]): number[];
  dot(weights: number[], errors: number[]): number;
  /** What the sum over classes is divided by. */
  classCount(chosen: number[], C: number): number;
  /** What the sum over images is divided by; `valid` has the number of pixels that count, of each. */
  imageCount(valid: number[], labels: number[][]): number;
  /** What a gradient entry is divided by. */
  gradientCount(images: number, classes: number): number;
}

const jaccard = (sorted: number[]): number[] => {
  const P = sorted.reduce((a, b) => a + b, 0);
  let [intersection, union] = [P, P];
  return sorted.map((fg) => {
    intersection -= fg;
    union += 1 - fg;
    return 1 - intersection / union;
  });
};

/** Differences of a running function. */
export const differences = (running: number[]): number[] => running.map((now, k) => (k === 0 ? now : now - running[k - 1]));

const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x)));

export function stepsOf(kind: Kind): Steps {
  const errors: Record<Kind, Pick<Steps, "error" | "slope" | "relu" | "reluSlope">> = {
    hinge: {
      error: (x, fg) => 1 - x * (2 * fg - 1),
      slope: (_, fg) => 1 - 2 * fg,
      relu: (error) => Math.max(0, error),
      reluSlope: (error) => (error > 0 ? 1 : 0),
    },
    softmax: {
      error: (p, fg) => Math.abs(fg - p),
      slope: (p, fg) => Math.sign(p - fg),
      relu: (error) => error,
      reluSlope: () => 1,
    },
    sigmoid: {
      error: (x, fg) => Math.abs(fg - sigmoid(x)),
      slope: (x, fg) => (1 - 2 * fg) * sigmoid(x) * (1 - sigmoid(x)),
      relu: (error) => error,
      reluSlope: () => 1,
    },
  };
  return {
    ...errors[kind],
    extents: (shape, size) => {
      const B = shape.length === 1 ? 1 : shape[0];
      const C = kind === "softmax" ? shape[1] : 1;
      return { B, C, N: size / (B * C) };
    },
    place: (i, c, { C, N }) => (Math.floor(i / N) * C + c) * N + (i % N),
    isVoid: (label, { ignore }) => label === ignore,
    perImage: ({ perImage = kind === "hinge" }) => perImage,
    classes: (labels, C, { classes = "present" }) => {
      if (kind !== "softmax") return [1];
      if (Array.isArray(classes)) return classes;
      return Array.from({ length: C }, (_, c) => c).filter((c) => classes === "all" || labels.includes(c));
    },
    foreground: (label, c) => Number(label === c),
    order: (errors) => errors.map((_, k) => k).sort((i, j) => errors[j] - errors[i]),
    weights: (sorted) => differences(jaccard(sorted)),
    scatter: (weights, order) => {
      const out: number[] = [];
      order.forEach((k, rank) => {
        out[k] = weights[rank];
      });
      return out;
    },
    dot: (weights, errors) => weights.reduce((sum, weight, k) => sum + weight * errors[k], 0),
    classCount: (chosen) => chosen.length,
    imageCount: (valid) => valid.length,
    gradientCount: (images, classes) => images * classes,
  };
}

/** The loss of `kind` by its steps, some of them replaced. */
export function plain(kind: Kind, other: (steps: Steps) => Partial<Steps> = () => ({})): LossUnderTest {
  const right = stepsOf(kind);
  const steps = { ...right, ...other(right) };
  return (values, labels, options) => {
    const at = steps.extents(options.shape, values.length);
    const grad = new Float32Array(values.length);
    const every = Array.from(labels, (_, i) => i);
    const images = steps.perImage(options) ? Array.from({ length: at.B }, (_, b) => every.slice(b * at.N, (b + 1) * at.N)) : [every];
    const batch = Array.from(labels);
    const valid = images.map((image) => image.filter((i) => !steps.isVoid(labels[i], options, at)));
    const count = steps.imageCount(
      valid.map((pixels) => pixels.length),
      valid.map((pixels) => pixels.map((i) => labels[i])),
    );
    let value = 0;
    for (const pixels of valid) {
      if (pixels.length === 0) continue;
      const chosen = steps.classes(
        pixels.map((i) => labels[i]),
        at.C,
        options,
        batch,
      );
      const divisor = steps.classCount(chosen, at.C);
      for (const c of chosen) {
        const place = (k: number) => steps.place(pixels[k], kind === "softmax" ? c : 0, at);
        const fg = pixels.map((i) => steps.foreground(labels[i], c));
        const errors = pixels.map((_, k) => steps.error(values[place(k)], fg[k]));
        const order = steps.order(errors, fg);
        const sorted = order.map((k) => errors[k]);
        const weights = steps.weights(
          order.map((k) => fg[k]),
          sorted,
        );
        value += steps.dot(weights, sorted.map(steps.relu)) / divisor / count;
        steps.scatter(weights, order).forEach((weight, k) => {
          const slope = weight * steps.reluSlope(errors[k]) * steps.slope(values[place(k)], fg[k]);
          grad[place(k)] = slope / steps.gradientCount(count, divisor);
        });
      }
    }
    return { value, grad };
  };
}
