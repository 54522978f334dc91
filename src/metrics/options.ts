// Options of the metrics.
import { LovaszError } from "../errors.js";
import { describe, finite, flag, knownOptions } from "../options.js";
import { type Shape, checkShape, show, sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { ClassMap } from "./predictions.js";

export interface MetricOptions {
  /** The label of void pixels, which count in nothing; null for none. Default null. */
  ignore?: number | null;
  /** The mean over images of each one's value, instead of the value of all pixels together. Default false. */
  perImage?: boolean;
  /** The value where neither prediction nor truth has the class. Default 1. */
  empty?: number;
  /** The shape of the labels, whose first axis counts images. Default: that of labels that are a Tensor, else one image. */
  shape?: Shape;
}

/** The options above, checked, and how many images there are. */
export function metricOptions(call: string, labels: ClassMap, n: number, options: MetricOptions) {
  knownOptions(call, options, ["ignore", "perImage", "empty", "shape"]);
  const { ignore } = options;
  if (ignore !== undefined && ignore !== null && !Number.isInteger(ignore)) {
    throw new LovaszError("option", `${call}: ignore is ${describe(ignore)}, expected a whole number or null`);
  }
  const shape = options.shape === undefined ? (labels instanceof Tensor ? labels.shape : [n]) : checkShape(call, options.shape);
  if (sizeOf(shape) !== n) throw new LovaszError("shape", `${call}: shape is ${show(shape)}, but labels has ${n} entries`);
  const perImage = flag(call, "perImage", options.perImage, false);
  const images = perImage && shape.length > 1 ? shape[0] : 1;
  return { ignore, images, empty: finite(call, "empty", options.empty, 1) };
}
