// Shared by the losses that are means over pixels.
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { imagesOfMean, sumOfShares } from "./batch.js";
import { type Channels, channels, checkLayout, type Mode } from "./channels.js";
import { fused } from "./fused.js";
import { type LossInput, lossInput } from "./input.js";
import { type Labels, readLabels } from "./labels.js";
import { type LossOptions, lossOptions } from "./options.js";
import { refuseImprobable, refuseNaN } from "./range.js";
import { readTargets } from "./targets.js";

/** Takes pointers to the logits, targets and gradient of one image. Returns the sum, and writes `scale` times its gradient. */
export type PixelKernel = (logits: number, targets: number, at: Channels, scale: number, gradient: number) => number;

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
}

/** The sums of `kernel` divided by their masses: over all images together, as a mean over the images (`perImage`), or for each. */
export function pixelMean(call: string, input: LossInput, given: Labels, options: LossOptions, loss: PixelLoss): Tensor {
  const { perImage, mean } = lossOptions(call, options, false);
  const layout = checkLayout(call, options.layout);
  const labels = readLabels(call, given);
  return tidy(() => {
    const at = channels(call, lossInput(call, input, options.shape), layout, loss.mode);
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

// 0 if all pixels are ignored; float32 cannot represent the reciprocal of a smaller mass
const share = (mass: number) => (mass >= 2 ** -126 ? 1 / mass : 0);

/** The number of targets that are not ignored. */
export const keptTargets = (targets: number, n: number): number => kernels.countKept_f32(targets, n) >>> 0;
