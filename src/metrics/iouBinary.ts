import { type MetricOptions, metricOptions } from "./options.js";
import { type ClassMap, eachPixel, sameLength } from "./predictions.js";

/**
 * Intersection over union of the foreground: |prediction and truth| / |prediction or truth|, a fraction from 0 to 1;
 * `empty` where the union is. Predictions and labels are 0 or 1, or Tensors of them.
 *
 * Throws `LovaszError` "shape", "label" or "option".
 */
export function iouBinary(predictions: ClassMap, labels: ClassMap, options: MetricOptions = {}): number {
  const call = "iouBinary";
  const n = sameLength(call, predictions, labels);
  const { ignore, images, empty } = metricOptions(call, labels, n, options);
  let total = 0;
  for (let image = 0; image < images; image++) {
    let intersection = 0;
    let union = 0;
    const part = { classes: 2, ignore, from: (image * n) / images, to: ((image + 1) * n) / images };
    eachPixel(call, predictions, labels, part, (prediction, label) => {
      intersection += prediction & label;
      union += prediction | label;
    });
    total += union === 0 ? empty : intersection / union;
  }
  return images === 0 ? empty : total / images;
}
