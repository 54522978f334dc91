// Options of the metrics.
import { LovaszError } from "../errors.js";
import { describe, finite, flag, integer, knownOptions } from "../options.js";
import { checkShape, type Shape } from "../tensor/shape.js";
import { type ClassMap, pairs } from "./predictions.js";

/** Options of the metrics. */
export interface MetricOptions {
  /** The label of void pixels, which count in nothing; null for none. Default null. */
  ignore?: number | null;
  /** The mean over images of each one's value, instead of the value of all pixels together. Default false. */
  perImage?: boolean;
  /** The value where neither prediction nor truth has the class. Default 1. */
  empty?: number;
  /** The shape of flat arrays, whose first axis counts images. Default: one image. */
  shape?: Shape;
}

/** The options above, checked, with the images to be measured: each with `perImage`, else all in one list. */
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

/** The number of classes, checked; there is no default. At most 4,096, whose confusion matrix has 16 million entries. */
export function classCount(call: string, classes: unknown): number {
  return integer(call, "classes", classes ?? null, 1, 1, 4096);
}
