// Shared by the losses that are means over pixels.
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
import { imagesOfMean, sumOfShares } from "./batch.js";
import { type Channels, channels, checkLayout, type Mode } from "./channels.js";
import { fused } from "./fused.js";
import { type LossInput, lossInput } from "./input.js";
import { type Labels, readLabels } from "./labels.js";
import { type LossOptions, lossOptions } from "./options.js";
import { refuseImprobable, refuseNaN } from "./range.js";
import { arranged, readTargets } from "./targets.js";
import { weightTensor } from "./weights.js";

/** Pointers to what one image has of each. `weights` is 0 where there are none. */
export interface ImagePointers {
  logits: number;
  targets: number;
  weights: number;
  gradient: number;
}

/** Returns the sum over one image, and writes `scale` times its gradient. */
export type PixelKernel = (image: ImagePointers, at: Channels, scale: number) => number;

export interface PixelLoss {
  mode: Mode;
  /** The function to use for labels of the other kind, see `TargetKind`. */
  other?: string;
  kernel: PixelKernel;
  /** The divisor of the sum, from the `n` targets of one image. */
  mass: (targets: number, n: number) => number;
  /** Whether the input holds logits; if false, it holds probabilities. */
  fromLogits: boolean;
  /** Throws for logits that the kernel cannot work with. Default: refuses NaN. */
  check?: typeof refuseNaN;
  /** Checks or weights the targets first. `together` says whether all images share one divisor. */
  prepare?: (targets: Tensor, at: Channels, together: boolean) => void;
  /** Changes the targets once the divisors have been taken from them. */
  smooth?: (targets: Tensor, at: Channels) => void;
  /** Factors on the loss of each number of the input, in the order of the labels; they do not change the divisor. Default: none. */
  weights?: Float32Array | null;
}

/** The sums of `kernel` divided by their masses: over all images together, as a mean over the images (`perImage`), or for each. */
export function pixelMean(call: string, input: LossInput, given: Labels, options: LossOptions, loss: PixelLoss): Tensor {
  const { perImage, mean } = lossOptions(call, options, false);
  const layout = checkLayout(call, options.layout);
  const labels = readLabels(call, given);
  return tidy(() => {
    const whole = lossInput(call, input, options.shape);
    const at = channels(call, whole, layout, loss.mode);
    const { x, images, classes, pixels } = at;
    const targets = readTargets(call, labels, at, { mode: loss.mode, ignore: options.ignore, other: loss.other });
    const refuse = loss.fromLogits ? (loss.check ?? refuseNaN) : refuseImprobable;
    refuse(call, x, targets, { images: 1, classes: 1, pixels: x.size, from: at });
    loss.prepare?.(targets, at, mean && !perImage);
    const n = classes * pixels;
    const weights = loss.weights ? arranged(weightTensor(call, loss.weights, x.size), at).pointer : 0;
    const masses = Array.from({ length: images }, (_, i) => loss.mass(targets.pointer + 4 * i * n, n));
    loss.smooth?.(targets, at);
    const all = masses.reduce((a, b) => a + b, 0);
    const shares = masses.map((mass) => share(perImage || !mean ? mass : all) / (mean && perImage ? imagesOfMean(options, images) : 1));
    // where x shares the memory of the input, no reordering is needed between their gradients
    return fused(x.storage === whole.storage ? whole : x, mean ? [] : [images], (gradient) => {
      const losses = shares.map((factor, i) => {
        const offset = 4 * i * n;
        const image = {
          logits: x.pointer + offset,
          targets: targets.pointer + offset,
          weights: weights && weights + offset,
          gradient: gradient + offset,
        };
        return factor * loss.kernel(image, at, factor);
      });
      return mean ? [sumOfShares(options, losses)] : losses;
    });
  });
}

// 0 if all pixels are ignored; float32 cannot represent the reciprocal of a smaller mass
const share = (mass: number) => (mass >= 2 ** -126 ? 1 / mass : 0);

/** The number of targets that are not ignored. */
export function keptTargets(targets: number, n: number): number {
  return sumOf(parallel("countKept_f32", { count: n, step: 16 }, (from, count) => [targets + 4 * from, count]));
}

/** The sum of numbers, as of the results of units of work. */
export const sumOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
