// What the losses that are means over pixels share.
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { type Channels, channels, checkLayout, type Mode } from "./channels.js";
import { fused } from "./fused.js";
import { type LossInput, lossInput } from "./input.js";
import { type Labels, readLabels } from "./labels.js";
import { type LossOptions, lossOptions } from "./options.js";
import { imagesOfMean, sumOfShares } from "./part.js";
import { refuseImprobable, refuseNaN } from "./range.js";
import { readTargets } from "./targets.js";

/** One image: pointers to its logits, targets and gradient; returns the sum, and writes `scale` times its gradient. */
export type PixelKernel = (logits: number, targets: number, at: Channels, scale: number, gradient: number) => number;

export interface PixelLoss {
  mode: Mode;
  /** What to use for labels of the other kind, see `TargetKind`. */
  other?: string;
  kernel: PixelKernel;
  /** Turns the targets of one image, `n` numbers, into what the sum is divided by. */
  mass: (targets: number, n: number) => number;
  /** Whether the input holds logits, or else probabilities. */
  fromLogits: boolean;
  /** Refuses logits that the kernel cannot work with. Default: NaN. */
  check?: typeof refuseNaN;
  /** May weigh the targets before they are used. `together`: whether all images are divided by one sum. */
  prepare?: (targets: Tensor, at: Channels, together: boolean) => void;
}

/** The sum of `kernel` over all images by their mass together, or the mean of each image's (`perImage`), or each image's. */
export function pixelMean(call: string, first: LossInput, given: Labels, options: LossOptions, loss: PixelLoss): Tensor {
  const { perImage, mean } = lossOptions(call, options, false);
  const layout = checkLayout(call, options.layout);
  const labels = readLabels(call, given);
  return tidy(() => {
    const at = channels(call, lossInput(call, first, options.shape), layout, loss.mode);
    const { x, images, classes, pixels } = at;
    const targets = readTargets(call, labels, at, { mode: loss.mode, ignore: options.ignore, other: loss.other });
    const refuse = loss.fromLogits ? (loss.check ?? refuseNaN) : refuseImprobable;
    refuse(call, x, targets, { images: 1, classes: 1, pixels: x.size, from: at });
    loss.prepare?.(targets, at, mean && !perImage);
    const n = classes * pixels;
    const masses = Array.from({ length: images }, (_, i) => loss.mass(targets.pointer + 4 * i * n, n));
    const all = masses.reduce((a, b) => a + b, 0);
    const shares = masses.map((mass) => share(perImage || !mean ? mass : all) / (mean && perImage ? imagesOfMean(options, images) : 1));
    return fused(x, mean ? [] : [images], (gradient) => {
      const losses = shares.map((factor, i) => {
        const offset = 4 * i * n;
        return factor * loss.kernel(x.pointer + offset, targets.pointer + offset, at, factor, gradient + offset);
      });
      return mean ? [sumOfShares(options, losses)] : losses;
    });
  });
}

// of void pixels only, nothing is left; float32 divides by nothing smaller
const share = (mass: number) => (mass >= 2 ** -126 ? 1 / mass : 0);

/** How many targets are not void. */
export const keptTargets = (targets: number, n: number): number => kernels.countKept_f32(targets, n) >>> 0;
