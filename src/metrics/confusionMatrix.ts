import { integer, knownOptions } from "../options.js";
import { metricOptions } from "./options.js";
import { type ClassMap, eachPixel } from "./predictions.js";

/**
 * How many pixels of each class (row) are taken for each class (column). Predictions and labels are in 0..classes-1; pixels
 * labelled `ignore` are left out.
 *
 * Throws `LovaszError` "shape", "label" or "option".
 */
export function confusionMatrix(
  predictions: ClassMap,
  labels: ClassMap,
  classes: number,
  options: { ignore?: number | null } = {},
): number[][] {
  const call = "confusionMatrix";
  knownOptions(call, options, ["ignore"]);
  integer(call, "classes", classes ?? null, 1, 1);
  const { ignore, groups } = metricOptions(call, predictions, labels, options);
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const image of groups.flat()) {
    eachPixel(call, image, classes, ignore, (prediction, label) => {
      matrix[label][prediction] += 1;
    });
  }
  return matrix;
}
