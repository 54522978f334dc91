import type { MetricOptions } from "./options.js";
import { jaccardIndex, overlap } from "./overlap.js";
import type { ClassMap } from "./predictions.js";

/**
 * Intersection over union of the foreground: |prediction and truth| / |prediction or truth|, from 0 to 1, or `empty` if neither has a
 * foreground pixel. Predictions and labels are 0 or 1.
 *
 * Throws `LovaszError` "shape", "label" or "option".
 *
 * @example
 * ```js
 * import { iouBinary } from "lovasz";
 *
 * console.log(iouBinary([1, 1, 0, 0], [1, 0, 0, 0])); // 0.5
 * ```
 */
export function iouBinary(predictions: ClassMap, labels: ClassMap, options: MetricOptions = {}): number {
  return overlap("iouBinary", predictions, labels, { classes: 2, multiclass: "iou" }, options, { value: jaccardIndex })[1];
}
