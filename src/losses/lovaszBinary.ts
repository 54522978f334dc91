// What the Lovász losses of binary tasks share: reading of arguments, images one by one, reduction.
import { knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import type { kernels } from "../wasm/instance.js";
import { checkLayout } from "./channels.js";
import { fused } from "./fused.js";
import { imagesOf, type LossInput, lossInput } from "./input.js";
import { classMap, type Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions, lossOptions } from "./options.js";
import { type Extents, refuseNaN } from "./range.js";
import { type PixelWeights, pixelWeights } from "./weights.js";
import { workspace } from "./workspace.js";

export interface LovaszOptions extends LossOptions {
  /** What each pixel weighs in intersection and union; at least 0, as many as labels. Default: 1 each. */
  pixelWeights?: PixelWeights | null;
}

/** Names of the options above. */
export const LOVASZ_OPTIONS = [...LOSS_OPTIONS, "pixelWeights"] as const;

type Kernel = typeof kernels.lovaszHinge_f32;

export interface BinaryLoss {
  /** Names of its options. */
  known: readonly string[];
  kernel: Kernel;
  /** The default of `perImage`. */
  perImage: boolean;
  /** Of the Tversky set function, see assembly/lovasz/weights.ts. Default 1: Jaccard. */
  alpha?: number;
  beta?: number;
  /** Refuses input that the kernel cannot work with. Default: NaN. */
  check?: (call: string, input: Tensor, classOf: Tensor, size: Extents) => void;
}

/** The loss of each image by `kernel`; their mean, or all of them. */
export function lovaszBinary(call: string, first: LossInput, labels: Labels, options: LovaszOptions, loss: BinaryLoss): Tensor {
  knownOptions(call, options, loss.known);
  const { perImage, mean } = lossOptions(call, options, loss.perImage);
  checkLayout(call, options.layout);
  const { kernel, alpha = 1, beta = 1 } = loss;
  return tidy(() => {
    const input = lossInput(call, first, options.shape);
    const images = perImage ? imagesOf(input) : 1;
    const n = images === 0 ? 0 : input.size / images;
    const classOf = classMap(call, labels, { count: input.size, classes: 2, ignore: options.ignore });
    (loss.check ?? refuseNaN)(call, input, classOf, { images: 1, classes: 1, pixels: input.size });
    const weights = pixelWeights(call, options.pixelWeights, input.size);
    const { records, spare, counters } = workspace(n);
    const share = mean ? 1 / images : 1;
    return fused(input, mean ? [] : [images], (slopes) => {
      const losses = Array.from({ length: images }, (_, i) => {
        const at = 4 * i * n;
        const [x, y, w] = [input.pointer + at, classOf.pointer + at, weights && weights + at];
        return kernel(x, y, w, n, alpha, beta, share, slopes + at, records, spare, counters);
      });
      return mean ? [losses.reduce((sum, one) => sum + one * share, 0)] : losses;
    });
  });
}
