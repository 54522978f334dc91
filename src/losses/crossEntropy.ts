import { LovaszError } from "../errors.js";
import { choice, finite, flag, knownOptions, MAX_WEIGHT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { parallel } from "../wasm/parallel.js";
import type { Channels } from "./channels.js";
import { checkClassWeights } from "./classOptions.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions } from "./options.js";
import { outOfCore } from "./outOfCore.js";
import { type PixelKernel, pixelMean, sumOf } from "./pixelMean.js";
import { refuseInfinite } from "./range.js";

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends LossOptions {
  /** Only `"multiclass"` is possible. */
  mode?: "multiclass";
  /** Weights of the classes, at least 0, for a weighted mean. Only their ratios matter. Default: 1 each. */
  classWeights?: readonly number[] | Float32Array | null;
  /** Whether the input holds logits; if false, it holds probabilities. Default true. */
  fromLogits?: boolean;
  /** How much of each label is shared equally among the classes, from 0 to 1. Default 0. */
  labelSmoothing?: number;
}

/**
 * Cross-entropy of logits [B, C, ...] (or [P, C]): the sum of -w_c t_c ln p_c over the pixels that are not ignored, divided by
 * the sum of w_c t_c, where p is the softmax, t the label and w the class weight. Labels are in 0..C-1, or one-hot or soft labels
 * in the shape of the logits. `perImage` (default false) takes the quotient within each image first; `reduction: "none"` returns one
 * loss per image.
 *
 * `labelSmoothing` e replaces t_c in the numerator, and only there, by (1 - e) t_c + e / C: as in PyTorch's CrossEntropyLoss, all classes
 * with a weight then count, but the divisor is that of the labels as they were given. (For soft labels with `classWeights` PyTorch
 * divides by the number of pixels instead.) No weight may then be less than 1e-18 times the largest, unless it is 0.
 *
 * For probabilities, p_c is the given number, even where the numbers of a pixel do not sum to 1. Logarithms are clamped to at least
 * -100, and the p that the gradient divides by to at least 1e-12, as in `binaryCrossEntropy`.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 *
 * @example
 * ```js
 * import { crossEntropy, tensor } from "lovasz";
 *
 * const loss = crossEntropy(tensor([[2, 0], [0, 0]]), [0, 1]);
 * console.log(loss.item().toFixed(4)); // 0.4100
 * ```
 */
export function crossEntropy(input: LossInput, labels: Labels, options: CrossEntropyOptions = {}): Tensor {
  const call = "crossEntropy";
  knownOptions(call, options, [...LOSS_OPTIONS, "mode", "classWeights", "fromLogits", "labelSmoothing"]);
  const own = outOfCore(options);
  const fromLogits = flag(call, "fromLogits", own.fromLogits, true);
  const smoothing = finite(call, "labelSmoothing", own.labelSmoothing, 0, 0, 1);
  const weightsOf = ({ classes }: Channels) => checkClassWeights(call, own.classWeights, classes, Number.MAX_VALUE);
  const ratiosOf = (at: Channels) => overLargest(call, weightsOf(at));
  return pixelMean(call, input, labels, own, {
    mode: choice(call, "mode", own.mode, ["multiclass"], "multiclass"),
    other: "binaryCrossEntropy",
    fromLogits,
    prepare: (targets, at, together) => {
      if (own.classWeights === undefined || own.classWeights === null) return;
      if (smoothing === 0) weigh(targets, at, together, weightsOf(at));
      else scalePlanes(targets, at, ratiosOf(at), () => 0);
    },
    check: refuseInfinite,
    mass: massOf,
    smooth: (targets, at) => {
      if (smoothing === 0) return;
      const ratios = ratiosOf(at);
      const kept = ratios.map(() => 1 - smoothing);
      scalePlanes(targets, at, kept, (c) => (smoothing * ratios[c]) / at.classes);
    },
    kernel: fromLogits ? ofLogits : ofProbabilities,
  });
}

// what a number takes, in elements that are read or written
const COST = 8;
// pixels of a tile: see assembly/losses/crossEntropy.ts
const TILE = 64;

const ofLogits: PixelKernel = ({ logits, targets, gradient }, { classes, pixels }, scale) => {
  const own = { argument: 7, bytes: 12 * TILE * classes };
  return sumOf(
    parallel("crossEntropy_f32", { count: pixels, cost: COST * classes, step: TILE, own }, (from, count) => {
      return [logits + 4 * from, targets + 4 * from, classes, count, 4 * pixels, scale, gradient + 4 * from, 0];
    }),
  );
};

const ofProbabilities: PixelKernel = ({ logits, targets, gradient }, { classes, pixels }, scale) =>
  sumOf(
    parallel("crossEntropyGiven_f32", { count: classes * pixels, cost: COST, step: 16 }, (from, count) => {
      return [logits + 4 * from, targets + 4 * from, count, scale, gradient + 4 * from];
    }),
  );

function massOf(targets: number, n: number): number {
  return sumOf(parallel("massOf_f32", { count: n, step: 16 }, (from, count) => [targets + 4 * from, count]));
}

const planeAt = (targets: Tensor, { classes, pixels }: Channels, image: number, c: number) =>
  targets.pointer + 4 * (image * classes + c) * pixels;

// multiplies the targets of class c by factors[c], then adds addend(c)
function scalePlanes(targets: Tensor, at: Channels, factors: readonly number[], addend: (c: number) => number): void {
  for (let image = 0; image < at.images; image++) {
    factors.forEach((factor, c) => {
      kernels.weighTargets_f32(planeAt(targets, at, image, c), factor, addend(c), at.pixels);
    });
  }
}

// Only the ratios of the weights matter. Smoothed labels have something of every class, so all weights count.
function overLargest(call: string, weights: readonly number[]): readonly number[] {
  const largest = Math.max(...weights);
  if (largest === 0) return weights;
  const bad = weights.findIndex((weight) => weight > 0 && weight / largest < 1 / MAX_WEIGHT);
  if (bad < 0) return weights.map((weight) => weight / largest);
  const expected = `expected 0 or at least ${1 / MAX_WEIGHT} times the largest, ${largest}, as labelSmoothing mixes the classes`;
  throw new LovaszError("option", `${call}: classWeights[${bad}] is ${weights[bad]}, ${expected}`);
}

// Only the ratios of the weights matter. Dividing them by the largest weight of a class that occurs keeps the relevant ones within
// float32. This is done over all images `together` or for each image, as the loss is.
function weigh(targets: Tensor, at: Channels, together: boolean, weights: readonly number[]): void {
  const { images, pixels } = at;
  const all = Array.from({ length: images }, (_, image) => image);
  for (const group of together ? [all] : all.map((image) => [image])) {
    const occurs = (c: number) => group.some((image) => massOf(planeAt(targets, at, image, c), pixels) > 0);
    const largest = weights.reduce((most, weight, c) => (weight > most && occurs(c) ? weight : most), 0);
    weights.forEach((weight, c) => {
      const ratio = largest > 0 ? Math.min(weight / largest, 1) : 0;
      for (const image of group) kernels.weighTargets_f32(planeAt(targets, at, image, c), ratio, 0, pixels);
    });
  }
}
