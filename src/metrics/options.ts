// Options of the metrics.
import { LovaszError } from "../errors.js";
import { describe, finite, flag, integer, knownOptions } from "../options.js";
import { checkShape, type Shape } from "../tensor/shape.js";
import { type ClassMap, pairs } from "./predictions.js";

/** Options of the metrics. */
export interface MetricOptions {
  /** The label of ignored pixels, which are left out; null for none. Default null. */
  ignore?: number | null;
  /** Whether to compute the value of each image and average, instead of counting all pixels together. Default false. */
  perImage?: boolean;
  /** The value for a class that neither prediction nor truth has. Default 1. */
  empty?: number;
  /** The shape of flat arrays; its first axis is the number of images. Default: one image. */
  shape?: Shape;
}

/** Checks the options above, and groups the images to be counted together: each alone with `perImage`, or else all. */
export function metricOptions(call: string, predictions: ClassMap, labels: ClassMap, options: MetricOptions) {
  knownOptions(call, options, ["ignore", "perImage", "empty", "shape"]);
  const { ignore } = options;
  if (ignore !== undefined && ignore !== null && !Number.isInteger(ignore)) {
    throw new LovaszError("option", `${call}: ignore is ${describe(ignore)}, expected a whole number or null`);
  }
  const shape = options.shape === undefined ? null : checkShape(call, options.shape);
  const images = pairs(call, predictions, labels, shape);
  const perImage = flag(call, "perImage", options.perImage, false);
  return { ignore, empty: finite(call, "empty", options.empty, 1), groups: perImage ? images.map((image) => [image]) : [images] };
}

/** Returns the number of classes after checking it. It has no default. The limit, 4,096, gives a confusion matrix of 16 million entries. */
export function classCount(call: string, classes: unknown): number {
  return integer(call, "classes", classes ?? null, 1, 1, 4096);
}
