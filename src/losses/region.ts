// Shared by the region losses: dice, jaccard and tversky are functions of three sums over the pixels of a class.
import { LovaszError } from "../errors.js";
import { sigmoid } from "../ops/sigmoid.js";
import { softmax } from "../ops/softmax.js";
import { finite, flag, knownOptions, MAX_FLOAT } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { noGrad, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { viewF64 } from "../wasm/memory.js";
import { parallelEach } from "../wasm/parallel.js";
import { imagesOfMean, sumOfShares } from "./batch.js";
import { type Channels, channels, checkLayout, checkMode, type Mode } from "./channels.js";
import { type LossInput, lossInput } from "./input.js";
import { type Labels, readLabels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions, lossOptions } from "./options.js";
import { refuseImprobable, refuseInfinite, refuseNaN } from "./range.js";
import { type RegionSums, regionScore, type ScoredRegion } from "./regionScore.js";
import { readTargets } from "./targets.js";

/** Options of `dice`, `jaccard`, `jaccardMetric` and (with more) `tversky`. */
export interface RegionOptions extends LossOptions {
  /** What the channels mean. Default `"binary"`. */
  mode?: Mode;
  /** Whether the input holds logits; if false, it holds probabilities. Default true. */
  fromLogits?: boolean;
  /** Added to the numerator and the denominator of the score. Default 0. */
  smooth?: number;
  /** The lower bound of the denominator, and with `logLoss` of the score too (then at most 1). Default 1e-7. */
  eps?: number;
  /** Whether the loss is -ln(score) instead of 1 - score. Default false. */
  logLoss?: boolean;
}

/** The names of the options above. */
export const REGION_OPTIONS = [...LOSS_OPTIONS, "mode", "fromLogits", "smooth", "eps", "logLoss"] as const;

/** The weights of false positives and false negatives relative to true positives, and the power of the reduced loss. */
export interface RegionScore {
  alpha: number;
  beta: number;
  gamma: number;
  /** The intersection of prediction p and label t at a pixel: p t, or min(p, t), which suits soft labels. Default the product. */
  shared?: "product" | "least";
}

/**
 * The loss of a class is 1 - score, or -ln(score), with score = (TP + smooth) / (TP + alpha FP + beta FN + smooth), where TP, FP and FN
 * are the sums of p t, p (1-t) and (1-p) t over the pixels that are not ignored; it is 0 if no label names the class. The result is
 * the mean over classes to the power of gamma; with `perImage`, the mean of these powers over images. `reduction: "none"` returns that power
 * for the loss of each class, or with `perImage` for the mean over the classes of each image.
 */
export function regionLoss(
  call: string,
  input: LossInput,
  given: Labels,
  options: RegionOptions,
  known: readonly string[],
  { alpha, beta, gamma, shared: kind }: RegionScore,
): Tensor {
  knownOptions(call, options, known);
  const mode = checkMode(call, options.mode, "binary");
  const { perImage, mean } = lossOptions(call, options, false);
  const fromLogits = flag(call, "fromLogits", options.fromLogits, true);
  const smooth = finite(call, "smooth", options.smooth, 0, 0);
  const logLoss = flag(call, "logLoss", options.logLoss, false);
  const labels = readLabels(call, given);
  const eps = checkEps(call, options.eps, logLoss);
  const settings = { alpha, beta, smooth, eps, logLoss };
  const isLeast = kind === "least";
  return tidy(() => {
    const at = channels(call, lossInput(call, input, options.shape), checkLayout(call, options.layout), mode);
    const { x, images, classes } = at;
    const targets = readTargets(call, labels, at, { mode, ignore: options.ignore });
    const refuse = !fromLogits ? refuseImprobable : mode === "multiclass" ? refuseInfinite : refuseNaN;
    refuse(call, x, targets, { images: 1, classes: 1, pixels: x.size, from: at });
    const source = !fromLogits ? SOURCE.given : mode === "multiclass" ? SOURCE.softmax : SOURCE.sigmoid;
    const p = noGrad(() => (source === SOURCE.given ? x : source === SOURCE.softmax ? softmax(x, 1) : sigmoid(x)));
    const scored = sumsOf(p, targets, at, perImage, isLeast).map((sums) => regionScore(sums, settings));
    const groups = perImage ? rowsOf(scored, images, classes) : mean ? [scored] : scored.map((one) => [one]);
    // how many losses the mean of a group averages, and the share of a group in the result
    const count = perImage || mean ? classes : 1;
    const share = mean && perImage ? 1 / imagesOfMean(options, images) : 1;
    const reduced = groups.map((group) => powerOfMean(call, group, count, gamma, source === SOURCE.given));
    const out = Tensor.empty(mean ? [] : [groups.length]);
    const values = reduced.map(({ value }) => value * share);
    out.data.set(mean ? [sumOfShares(options, values)] : values);
    return record(out, [x], [p, targets], (p, targets) => (upstream) => {
      const given = upstream.data.slice();
      const derivatives = groups.flatMap((group, i) => {
        const factor = reduced[i].factor * share * given[mean ? 0 : i];
        return group.flatMap((one) => one.derivatives.map((derivative) => derivative * factor));
      });
      return [gradientOf(source, p, targets, at, derivatives, isLeast)];
    });
  });
}

/** How probabilities follow from the input. */
const SOURCE = { given: 0, sigmoid: 1, softmax: 2 } as const;

function checkEps(call: string, given: number | undefined, logLoss: boolean): number {
  const eps = finite(call, "eps", given, 1e-7, 0);
  if (!logLoss || eps <= 1) return Math.max(eps, LEAST_EPS);
  throw new LovaszError(
    "option",
    `${call}: eps is ${eps}, expected at most 1 with logLoss: the logarithm of a larger score is a negative loss`,
  );
}

// float32 cannot represent the reciprocal of a smaller number
const LEAST_EPS = 2 ** -126;

// the sums of each class, over all images or for each image
function sumsOf(p: Tensor, targets: Tensor, { images, classes, pixels }: Channels, perImage: boolean, isLeast: boolean): RegionSums[] {
  const [each, size] = piecesOf(pixels);
  const count = images * classes * each;
  const out = Tensor.empty([6 * count]);
  parallelEach("regionSums_f32", { count, cost: 4 * size }, (i) => {
    const from = (i % each) * size;
    const at = 4 * (Math.floor(i / each) * pixels + from);
    return [p.pointer + at, targets.pointer + at, Math.min(size, pixels - from), isLeast, out.pointer + 24 * i];
  });
  const all = viewF64(out.pointer, 3 * count);
  const sums = Array.from({ length: perImage ? images * classes : classes }, (): [number, number, number] => [0, 0, 0]);
  for (let i = 0; i < count; i++) {
    for (const k of [0, 1, 2]) sums[Math.floor(i / each) % sums.length][k] += all[3 * i + k];
  }
  return sums;
}

// In how many pieces so many pixels are cut, whatever the number of threads, and how long they are but for the last.
const PIECE = 2 ** 15;
const piecesOf = (pixels: number) => [Math.max(1, Math.ceil(pixels / PIECE)), Math.min(pixels, PIECE)];

// the gradient by the input, from the derivatives by the sums of each class, over all images or for each image
function gradientOf(
  source: number,
  p: Tensor,
  targets: Tensor,
  { images, classes, pixels }: Channels,
  derivatives: readonly number[],
  isLeast: boolean,
): Tensor {
  const factors = Tensor.empty([2 * derivatives.length]);
  viewF64(factors.pointer, derivatives.length).set(derivatives);
  const gradient = Tensor.empty(p.shape);
  const factorsAt = (plane: number) => factors.pointer + 24 * (plane % (derivatives.length / 3));
  const [each, size] = piecesOf(pixels);
  const piece = (i: number, planes: number): Piece => {
    const [plane, from] = [Math.floor(i / each) * planes, (i % each) * size];
    const at = 4 * (plane * pixels + from);
    return [p.pointer + at, targets.pointer + at, gradient.pointer + at, Math.min(size, pixels - from), factorsAt(plane)];
  };
  if (source === SOURCE.softmax) {
    parallelEach("regionSoftmaxGrad_f32", { count: images * each, cost: 8 * classes * size }, (i) => {
      const [from, labels, to, n, factors] = piece(i, classes);
      return [from, labels, classes, n, 4 * pixels, isLeast, factors, to];
    });
  } else {
    parallelEach("regionGrad_f32", { count: images * classes * each, cost: 4 * size }, (i) => {
      const [from, labels, to, n, factors] = piece(i, 1);
      return [source === SOURCE.sigmoid, from, labels, n, isLeast, factors, to];
    });
  }
  return gradient;
}

// pointers to probabilities, targets and gradient, how many pixels, and a pointer to the factors
type Piece = readonly [p: number, targets: number, gradient: number, n: number, factors: number];

const rowsOf = <T>(all: readonly T[], rows: number, columns: number): T[][] =>
  Array.from({ length: rows }, (_, row) => all.slice(row * columns, (row + 1) * columns));

// the largest derivative of a loss by one of its sums
function steepestOf(group: readonly ScoredRegion[]): number {
  let largest = 0;
  for (const { derivatives } of group) for (const one of derivatives) largest = Math.max(largest, Math.abs(one));
  return largest;
}

/** The mean of the `count` losses of `group` to the power of gamma, and the factor of each loss in its derivative. */
function powerOfMean(
  call: string,
  group: readonly ScoredRegion[],
  count: number,
  gamma: number,
  isGiven: boolean,
): { value: number; factor: number } {
  if (count === 0) return { value: 0 ** gamma, factor: 0 };
  const mean = group.reduce((sum, { loss }) => sum + loss, 0) / count;
  const largest = steepestOf(group);
  const value = mean ** gamma;
  // a power below 1 has no derivative at 0; the gradient there is that of the losses themselves, 0
  const derivative = gamma === 1 ? 1 : mean < LEAST_MEAN ? 0 : gamma * mean ** (gamma - 1);
  const factor = derivative / count;
  // by logits, the derivative of a loss is smaller than the loss; by probabilities, it has no bound
  const steepest = isGiven ? 2 * factor * largest : 4 * derivative * Math.min(mean, 1);
  if (value <= MAX_FLOAT && steepest <= MAX_FLOAT) return { value, factor };
  if (isGiven && gamma === 1) {
    const cure = "expected smaller alpha and beta, or a larger eps or smooth";
    throw new LovaszError("option", `${call}: a gradient of ${largest} exceeds float32; ${cure}`);
  }
  throw new LovaszError(
    "option",
    `${call}: gamma is ${gamma}, expected a power of the loss ${mean} whose value and gradient fit in float32`,
  );
}

// the powers of a smaller mean could underflow in float64
const LEAST_MEAN = 1e-150;
