import { classCount, type MetricOptions } from "./options.js";
import { jaccardIndex, overlap } from "./overlap.js";
import type { ClassMap } from "./predictions.js";

/**
 * Intersection over union of each of `classes` classes, from 0 to 1, or `empty` for a class that neither prediction nor truth has.
 * Predictions and labels are in 0..classes-1.
 *
 * Throws `LovaszError` "shape", "label" or "option".
 *
 * @example
 * ```js
 * import { iou } from "lovasz";
 *
 * console.log(iou([0, 1, 1, 0], [0, 1, 0, 0], 2).map((one) => one.toFixed(2))); // [ '0.67', '0.50' ]
 * ```
 */
export function iou(predictions: ClassMap, labels: ClassMap, classes: number, options: MetricOptions = {}): number[] {
  return overlap("iou", predictions, labels, { classes: classCount("iou", classes), binary: "iouBinary" }, options, {
    value: jaccardIndex,
  });
}
