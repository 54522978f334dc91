import { knownOptions } from "../options.js";
import { classCount, metricOptions } from "./options.js";
import { type ClassMap, eachPixel } from "./predictions.js";

/**
 * The confusion matrix: entry [label][prediction] is the number of pixels of class `label` that are predicted as `prediction`.
 * Predictions and labels are in 0..classes-1. Pixels labelled `ignore` are left out.
 *
 * Throws `LovaszError` "shape", "label" or "option".
 *
 * @example
 * ```js
 * import { confusionMatrix } from "lovasz";
 *
 * console.log(confusionMatrix([0, 1, 1, 2], [0, 1, 2, 2], 3)); // [ [ 1, 0, 0 ], [ 0, 1, 0 ], [ 0, 1, 1 ] ]
 * ```
 */
export function confusionMatrix(
  predictions: ClassMap,
  labels: ClassMap,
  classes: number,
  options: { ignore?: number | null } = {},
): number[][] {
  const call = "confusionMatrix";
  knownOptions(call, options, ["ignore"]);
  const count = classCount(call, classes);
  const { ignore, groups } = metricOptions(call, predictions, labels, options);
  const matrix = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const measured = { call, kind: { classes: count, ignore, binary: "2 classes" }, images: groups.flat() };
  for (const image of measured.images) {
    eachPixel(measured, image, (prediction, label) => {
      matrix[label][prediction] += 1;
    });
  }
  return matrix;
}
