import { LovaszError } from "../errors.js";
import { finite, flag, knownOptions, MAX_WEIGHT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { scratch, viewF32 } from "../wasm/memory.js";
import { parallel } from "../wasm/parallel.js";
import { type Channels, checkMode, indexInInput, type Mode } from "./channels.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions } from "./options.js";
import { keptTargets, pixelMean, sumOf } from "./pixelMean.js";
import { refuseInfinite } from "./range.js";

/** Options of `focal`. */
export interface FocalOptions extends LossOptions {
  /** What the channels mean. Default `"binary"`. */
  mode?: Mode;
  /** The weight of the foreground, from 0 to 1; the background has 1 - alpha. null: no weights. Default null. */
  alpha?: number | null;
  /** How strongly well-classified pixels are down-weighted, from 0 to 1e18. Default 2. */
  gamma?: number;
  /** Whether the input holds logits; if false, it holds probabilities. Default true. */
  fromLogits?: boolean;
}

/**
 * The focal loss of logits with hard labels: the mean of -alpha (1 - p)^gamma ln p over the pixels that are not ignored, where p is
 * the sigmoid of the logit for foreground pixels, and one minus it for background pixels. The multiclass loss is the mean over the
 * classes, each against the remaining ones.
 *
 * For probabilities, p is the given number, or one minus it. Logarithms are clamped to at least -100, and the p that the gradient
 * divides by to at least 1e-12, as in `binaryCrossEntropy`.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Lin et al., "Focal loss for dense object detection" (2017), equation 5; several classes as in
 * segmentation_models.pytorch.
 *
 * @example
 * ```js
 * import { focal, tensor } from "lovasz";
 *
 * const loss = focal(tensor([0, 0]), [1, 0], { gamma: 2 });
 * console.log(loss.item().toFixed(4)); // 0.1733
 * ```
 */
export function focal(input: LossInput, labels: Labels, options: FocalOptions = {}): Tensor {
  const call = "focal";
  knownOptions(call, options, [...LOSS_OPTIONS, "mode", "alpha", "gamma", "fromLogits"]);
  const mode = checkMode(call, options.mode, "binary");
  const gamma = finite(call, "gamma", options.gamma, 2, 0, MAX_WEIGHT);
  const fromLogits = flag(call, "fromLogits", options.fromLogits, true);
  const kernel = fromLogits ? "focal_f32" : "focalGiven_f32";
  const alpha = options.alpha === null ? undefined : options.alpha;
  const positive = alpha === undefined ? 1 : finite(call, "alpha", alpha, 1, 0, 1);
  const negative = alpha === undefined ? 1 : 1 - positive;
  return pixelMean(call, input, labels, options, {
    mode,
    prepare: (targets, at) => refuseSoft(call, targets, at),
    fromLogits,
    check: refuseInfinite,
    mass: keptTargets,
    kernel: ({ logits, targets, gradient }, { classes, pixels }, scale) =>
      scratch([8], (weights) => {
        viewF32(weights, 2).set([negative, positive]);
        const work = { count: classes * pixels, cost: 16, step: 16 };
        const sums = parallel(kernel, work, (from, count) => {
          return [logits + 4 * from, targets + 4 * from, count, weights, gamma, scale, gradient + 4 * from];
        });
        return sumOf(sums);
      }),
  });
}

function refuseSoft(call: string, targets: Tensor, channels: Channels): void {
  const at = targets.data.findIndex((target) => target > 0 && target < 1);
  if (at < 0) return;
  const label = `labels[${indexInInput(channels, at)}] is ${targets.data[at]}`;
  throw new LovaszError("label", `${call}: ${label}, expected 0 or 1, as the focal loss does not support soft labels`);
}
