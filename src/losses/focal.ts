import { LovaszError } from "../errors.js";
import { finite, flag, knownOptions, MAX_WEIGHT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { type Channels, checkMode, type Mode, placeInInput } from "./channels.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions } from "./options.js";
import { keptTargets, pixelMean } from "./pixelMean.js";
import { refuseInfinite } from "./range.js";

/** Options of `focal`. */
export interface FocalOptions extends LossOptions {
  /** How the channels relate. Default `"binary"`. */
  mode?: Mode;
  /** Weighs foreground by alpha and background by 1 - alpha, in 0..1; null for neither. Default null. */
  alpha?: number | null;
  /** How strongly pixels that are right already lose weight, from 0 to 1e18. Default 2. */
  gamma?: number;
  /** Whether the input holds logits, or else probabilities. Default true. */
  fromLogits?: boolean;
}

/**
 * The focal loss of logits with hard labels: the mean of -alpha (1 - p)^gamma ln p over what is not void, p the sigmoid of the
 * logit for foreground, one minus it for background. Multiclass means it over the classes, each against all others.
 *
 * Of probabilities, p is the number given, or one minus it. No logarithm is below -100, and the gradient divides by no p below
 * 1e-12, as in `binaryCrossEntropy`.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Lin et al., "Focal loss for dense object detection" (2017), equation 5; several classes as
 * segmentation_models.pytorch has it.
 */
export function focal(input: LossInput, labels: Labels, options: FocalOptions = {}): Tensor {
  const call = "focal";
  knownOptions(call, options, [...LOSS_OPTIONS, "mode", "alpha", "gamma", "fromLogits"]);
  const mode = checkMode(call, options.mode, "binary");
  const gamma = finite(call, "gamma", options.gamma, 2, 0, MAX_WEIGHT);
  const fromLogits = flag(call, "fromLogits", options.fromLogits, true);
  const kernel = fromLogits ? kernels.focal_f32 : kernels.focalGiven_f32;
  const alpha = options.alpha === null ? undefined : options.alpha;
  const positive = alpha === undefined ? 1 : finite(call, "alpha", alpha, 1, 0, 1);
  const negative = alpha === undefined ? 1 : 1 - positive;
  return pixelMean(call, input, labels, options, {
    mode,
    prepare: (targets, at) => refuseSoft(call, targets, at),
    fromLogits,
    check: refuseInfinite,
    mass: keptTargets,
    kernel: (x, t, { classes, pixels }, scale, gradient) => kernel(x, t, classes * pixels, positive, negative, gamma, scale, gradient),
  });
}

function refuseSoft(call: string, targets: Tensor, channels: Channels): void {
  const at = targets.data.findIndex((target) => target > 0 && target < 1);
  if (at < 0) return;
  const label = `labels[${placeInInput(channels, at)}] is ${targets.data[at]}`;
  throw new LovaszError("label", `${call}: ${label}, expected 0 or 1: the focal loss knows no soft labels`);
}
