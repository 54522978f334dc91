// Shared by the overlap metrics: the pixel counts of each class.
import type { LabelKind } from "../losses/labelHint.js";
import { type MetricOptions, metricOptions } from "./options.js";
import { type ClassMap, eachPixel } from "./predictions.js";

/** How many pixels have one class: in both maps, in the prediction, in the truth. */
export interface Overlap {
  shared: number;
  predicted: number;
  labelled: number;
}

/** Computes `value` for each class from its counts; with `perImage`, the mean over the images. */
export function overlap(
  call: string,
  predictions: ClassMap,
  labels: ClassMap,
  kind: Omit<LabelKind, "ignore">,
  options: MetricOptions,
  value: (overlap: Overlap) => number,
): number[] {
  const { ignore, empty, groups } = metricOptions(call, predictions, labels, options);
  const { classes } = kind;
  const measured = { call, kind: { ...kind, ignore }, images: groups.flat() };
  const totals = new Array<number>(classes).fill(0);
  for (const group of groups) {
    const counts = Array.from({ length: classes }, () => ({ shared: 0, predicted: 0, labelled: 0 }));
    for (const image of group) {
      eachPixel(measured, image, (prediction, label) => {
        counts[prediction].predicted += 1;
        counts[label].labelled += 1;
        if (prediction === label) counts[label].shared += 1;
      });
    }
    counts.forEach((one, c) => {
      totals[c] += one.predicted + one.labelled === 0 ? empty : value(one);
    });
  }
  return totals.map((total) => (groups.length === 0 ? empty : total / groups.length));
}

/** Intersection over union. */
export const jaccardIndex = ({ shared, predicted, labelled }: Overlap) => shared / (predicted + labelled - shared);

/** Twice the intersection over the sum of both areas. */
export const diceIndex = ({ shared, predicted, labelled }: Overlap) => (2 * shared) / (predicted + labelled);
