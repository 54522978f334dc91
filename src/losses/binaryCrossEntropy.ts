import { LovaszError } from "../errors.js";
import { choice, describe, flag, isList, knownOptions, MAX_WEIGHT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions } from "./options.js";
import { outOfCore } from "./outOfCore.js";
import { keptTargets, type PixelKernel, pixelMean, sumOf } from "./pixelMean.js";
import { type PixelWeights, readWeights } from "./weights.js";

/** Options of `binaryCrossEntropy`. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Whether the input is [B, ...] or [B, C, ...]; in both, each number is one yes-or-no decision. Default `"binary"`. */
  mode?: "binary" | "multilabel";
  /** Whether the input holds logits; if false, it holds probabilities. Default true. */
  fromLogits?: boolean;
  /**
   * The weight q of the positive term, from 1e-18 to 1e18; above 1 it raises recall. A number, or a list of one for each class. Times
   * the largest of `pixelWeights` it is at most 1e18. Default 1.
   */
  posWeight?: number | readonly number[] | Float32Array | null;
  /** Factors w on the losses of the pixels, one for each label in the order of the labels, from 0 to 1e18. Default: 1 each. */
  pixelWeights?: PixelWeights | null;
}

/**
 * Binary cross-entropy: the mean of w (-q t ln s(x) - (1 - t) ln(1 - s(x))) over the pixels that are not ignored, where x is the logit,
 * t the label, s the sigmoid, w the weight of the pixel and q that of the positive term; both are 1 by default. There is one label for
 * each logit, 0 or 1, or a fraction between them (soft labels). `perImage` (default false) averages within each image first;
 * `reduction: "none"` returns one loss per image.
 *
 * The mean divides by the number of pixels and not by their weights, as PyTorch's BCEWithLogitsLoss does with `weight` and `pos_weight`:
 * twice the weights give twice the loss.
 *
 * For probabilities p it is the mean of w (-q t ln p - (1 - t) ln(1 - p)). As in PyTorch's BCELoss, logarithms are clamped to at least
 * -100, and the denominator of the gradient, p (1 - p), to at least 1e-12.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 *
 * @example
 * ```js
 * import { binaryCrossEntropy, tensor } from "lovasz";
 *
 * const loss = binaryCrossEntropy(tensor([0, 2]), [1, 1]);
 * console.log(loss.item().toFixed(4)); // 0.4100
 * ```
 */
export function binaryCrossEntropy(input: LossInput, labels: Labels, options: BinaryCrossEntropyOptions = {}): Tensor {
  const call = "binaryCrossEntropy";
  knownOptions(call, options, [...LOSS_OPTIONS, "mode", "fromLogits", "posWeight", "pixelWeights"]);
  const own = outOfCore(options);
  const fromLogits = flag(call, "fromLogits", own.fromLogits, true);
  const positive = readPositive(call, own.posWeight);
  const weights = readWeights(call, own.pixelWeights, 0);
  checkProduct(call, positive, weights);
  return pixelMean(call, input, labels, own, {
    mode: choice(call, "mode", own.mode, ["binary", "multilabel"], "binary"),
    other: "crossEntropy",
    prepare: (_, { classes }) => checkCount(call, positive, classes),
    mass: keptTargets,
    weights,
    fromLogits,
    kernel: weights || positive.some((factor) => factor !== 1) ? weighted(fromLogits, positive) : plain(fromLogits),
  });
}

// what a pixel takes, in elements that are read or written
const COST = 8;

function plain(fromLogits: boolean): PixelKernel {
  const kernel = fromLogits ? "binaryCrossEntropy_f32" : "binaryCrossEntropyGiven_f32";
  return ({ logits, targets, gradient }, { classes, pixels }, scale) =>
    sumOf(
      parallel(kernel, { count: classes * pixels, cost: COST, step: 16 }, (from, count) => {
        return [logits + 4 * from, targets + 4 * from, count, scale, gradient + 4 * from];
      }),
    );
}

// `positive` has one factor for each class, or one for all
function weighted(fromLogits: boolean, positive: readonly number[]): PixelKernel {
  return ({ logits, targets, weights, gradient }, { classes, pixels }, scale) => {
    const n = positive.length === 1 ? classes * pixels : pixels;
    return positive.reduce((sum, factor, c) => {
      const at = 4 * c * n;
      const w = weights && weights + at;
      const sums = parallel("weightedBinaryCrossEntropy_f32", { count: n, cost: COST, step: 16 }, (from, count) => {
        const start = at + 4 * from;
        return [fromLogits, logits + start, targets + start, w && w + 4 * from, count, factor, scale, gradient + start];
      });
      return sum + sumOf(sums);
    }, 0);
  };
}

const RANGE = `from ${1 / MAX_WEIGHT} to ${MAX_WEIGHT.toExponential()}`;

function readPositive(call: string, given: unknown): readonly number[] {
  if (given === undefined || given === null) return [1];
  const list = isList(given) ? Array.from(given) : [given];
  const bad = list.findIndex((weight) => !(typeof weight === "number" && weight >= 1 / MAX_WEIGHT && weight <= MAX_WEIGHT));
  if (bad < 0 && list.length > 0) return list as number[];
  const [name, came] = isList(given) && bad >= 0 ? [`posWeight[${bad}]`, list[bad]] : ["posWeight", given];
  throw new LovaszError("option", `${call}: ${name} is ${describe(came)}, expected a number ${RANGE}, or one for each class`);
}

function checkCount(call: string, { length }: readonly number[], classes: number): void {
  if (length === 1 || length === classes) return;
  throw new LovaszError("option", `${call}: posWeight is an array of ${length}, expected a number, or ${classes}, one for each class`);
}

// float32 holds the product of two factors of 1e18, and one of them is the loss or its gradient
function checkProduct(call: string, positive: readonly number[], weights: Float32Array | null): void {
  const largest = weights?.reduce((most, weight) => Math.max(most, weight), 0) ?? 0;
  const product = Math.max(...positive) * largest;
  if (product <= MAX_WEIGHT) return;
  const cure = `expected at most ${MAX_WEIGHT.toExponential()}; lower one of them`;
  throw new LovaszError("option", `${call}: the largest of pixelWeights times posWeight is ${product.toPrecision(3)}, ${cure}`);
}
