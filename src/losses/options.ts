// The options that all losses share.
import { choice, flag } from "../options.js";
import type { Shape } from "../tensor/shape.js";
import type { Layout } from "./channels.js";

/** Options of the losses. */
export interface LossOptions {
  /** The label of ignored pixels, which are left out of the loss; null for none. Default null. */
  ignore?: number | null;
  /** Whether to compute a loss for each image (the first axis) and average them. An image of only ignored pixels counts as 0. */
  perImage?: boolean;
  /** `"none"` returns a loss for each image (or class, see the loss) instead of their mean. Default `"mean"`. */
  reduction?: "mean" | "none";
  /** The shape of an input that is a Float32Array. Default: one flat image. */
  shape?: Shape;
  /** Which axis of the input holds the classes: the second (`"NCHW"`, the default) or the last (`"NHWC"`). */
  layout?: Layout;
}

/** The names of the options above. */
export const LOSS_OPTIONS = ["ignore", "perImage", "reduction", "shape", "layout"] as const;

/** Checks the options above. */
export function lossOptions(call: string, options: LossOptions, perImage: boolean) {
  return {
    perImage: flag(call, "perImage", options.perImage, perImage),
    mean: choice(call, "reduction", options.reduction, ["mean", "none"], "mean") === "mean",
  };
}
