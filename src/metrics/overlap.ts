// Shared by the overlap metrics: the pixel counts of each class.
import type { LabelKind } from "../losses/labelHint.js";
import { type MetricOptions, metricOptions } from "./options.js";
import { type ClassMap, eachPixel, type Measured, type Pair } from "./predictions.js";

/** How many pixels have one class: in both maps, in the prediction, in the truth. */
export interface Overlap {
  shared: number;
  predicted: number;
  labelled: number;
}

/** Adds the pixels of an image to the `counts` of their classes, after checking them. */
export type CountInto = (measured: Measured, image: Pair, counts: readonly Overlap[]) => void;

/** What is counted, and computed from the counts of a class. */
interface Index {
  value: (overlap: Overlap) => number;
  /** Default: every pixel. */
  countInto?: CountInto;
}

/** Computes the value of an index for each class; with `perImage`, the mean over the images. */
export function overlap(
  call: string,
  predictions: ClassMap,
  labels: ClassMap,
  kind: Omit<LabelKind, "ignore">,
  options: MetricOptions,
  { value, countInto = everyPixel }: Index,
): number[] {
  const { ignore, empty, groups } = metricOptions(call, predictions, labels, options);
  const { classes } = kind;
  const measured = { call, kind: { ...kind, ignore }, images: groups.flat() };
  const totals = new Array<number>(classes).fill(0);
  for (const group of groups) {
    const counts = noPixels(classes);
    for (const image of group) countInto(measured, image, counts);
    counts.forEach((one, c) => {
      totals[c] += one.predicted + one.labelled === 0 ? empty : value(one);
    });
  }
  return totals.map((total) => (groups.length === 0 ? empty : total / groups.length));
}

/** The counts of no image. */
export const noPixels = (classes: number): Overlap[] => Array.from({ length: classes }, () => ({ shared: 0, predicted: 0, labelled: 0 }));

const everyPixel: CountInto = (measured, image, counts) =>
  eachPixel(measured, image, (prediction, label) => {
    counts[prediction].predicted += 1;
    counts[label].labelled += 1;
    if (prediction === label) counts[label].shared += 1;
  });

/** Intersection over union. */
export const jaccardIndex = ({ shared, predicted, labelled }: Overlap) => shared / (predicted + labelled - shared);

/** Twice the intersection over the sum of both areas. */
export const diceIndex = ({ shared, predicted, labelled }: Overlap) => (2 * shared) / (predicted + labelled);
