// Options that every loss knows.
import { choice, flag } from "../options.js";
import type { Shape } from "../tensor/shape.js";
import type { Layout } from "./channels.js";

/** Options of the losses. */
export interface LossOptions {
  /** The label of void pixels, which count in nothing; null for none. Default null. */
  ignore?: number | null;
  /** One loss for each entry of the first axis, then their mean; an image of void pixels only counts as 0. */
  perImage?: boolean;
  /** `"none"` gives a loss for each image (or class, see the loss) instead of their mean. Default `"mean"`. */
  reduction?: "mean" | "none";
  /** The shape of an input that is a Float32Array. Default: one flat image. */
  shape?: Shape;
  /** Where the classes stand in the shape: second (`"NCHW"`, the default) or last (`"NHWC"`). */
  layout?: Layout;
}

/** Names of the options above. */
export const LOSS_OPTIONS = ["ignore", "perImage", "reduction", "shape", "layout"] as const;

/** The options above, checked. */
export function lossOptions(call: string, options: LossOptions, perImage: boolean) {
  return {
    perImage: flag(call, "perImage", options.perImage, perImage),
    mean: choice(call, "reduction", options.reduction, ["mean", "none"], "mean") === "mean",
  };
}
