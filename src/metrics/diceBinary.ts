import type { MetricOptions } from "./options.js";
import { diceIndex, overlap } from "./overlap.js";
import type { ClassMap } from "./predictions.js";

/**
 * The Dice coefficient (F1) of the foreground: 2 |prediction and truth| / (|prediction| + |truth|), from 0 to 1, or `empty` if
 * neither has a foreground pixel. Predictions and labels are 0 or 1.
 *
 * Throws `LovaszError` "shape", "label" or "option".
 *
 * @example
 * ```js
 * import { diceBinary } from "lovasz";
 *
 * console.log(diceBinary([1, 1, 1, 0], [1, 0, 0, 0])); // 0.5
 * ```
 */
export function diceBinary(predictions: ClassMap, labels: ClassMap, options: MetricOptions = {}): number {
  return overlap("diceBinary", predictions, labels, { classes: 2, multiclass: "confusionMatrix" }, options, { value: diceIndex })[1];
}
