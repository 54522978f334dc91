import { choice, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { fused } from "./fused.js";
import { type LossInput, lossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions, lossOptions } from "./options.js";
import { refuseNaN } from "./range.js";
import { readTargets } from "./targets.js";

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Logits [B, ...] or [B, C, ...]: either way, each is one yes or no. Default `"binary"`. */
  mode?: "binary" | "multilabel";
}

/**
 * Binary cross-entropy of logits with labels 0 or 1 of the same count, or soft ones (floats) in 0..1: the mean of
 * -t ln s(x) - (1 - t) ln(1 - s(x)) over what is not void, s the sigmoid. `perImage` (default false) takes that mean in each
 * image first; `reduction: "none"` gives one loss an image.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 */
export function binaryCrossEntropy(logits: LossInput, labels: Labels, options: BinaryCrossEntropyOptions = {}): Tensor {
  const call = "binaryCrossEntropy";
  knownOptions(call, options, [...LOSS_OPTIONS, "mode"]);
  const { perImage, mean } = lossOptions(call, options, false);
  const mode = choice(call, "mode", options.mode, ["binary", "multilabel"], "binary");
  return tidy(() => {
    const input = lossInput(call, logits, options.shape);
    const { targets } = readTargets(call, labels, input, mode, options.ignore);
    refuseNaN(call, input, targets, { images: 1, classes: 1, pixels: input.size });
    return pixelMean(input, targets, { perImage, mean }, (x, t, n, scale, gradient) =>
      kernels.binaryCrossEntropy_f32(x, t, n, scale, gradient),
    );
  });
}

type PixelKernel = (input: number, targets: number, n: number, scale: number, gradient: number) => number;

/** The mean over pixels that are not void of a kernel that sums them: of all, or of each image. */
export function pixelMean(input: Tensor, targets: Tensor, { perImage, mean }: { perImage: boolean; mean: boolean }, kernel: PixelKernel): Tensor {
  const [images] = targets.shape;
  const rows = perImage || !mean ? images : 1;
  const n = rows === 0 ? 0 : input.size / rows;
  const each = mean ? 1 / rows : 1;
  return fused(input, mean ? [] : [rows], (gradient) => {
    const losses = Array.from({ length: rows }, (_, i) => {
      const at = 4 * i * n;
      const kept = kernels.countKept_f32(targets.pointer + at, n) >>> 0;
      const share = kept === 0 ? 0 : each / kept;
      return share * kernel(input.pointer + at, targets.pointer + at, n, share, gradient + at);
    });
    return mean ? [losses.reduce((sum, loss) => sum + loss, 0)] : losses;
  });
}
