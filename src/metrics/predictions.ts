// The arguments of the metrics: the class number of each pixel in prediction and truth.
import { LovaszError } from "../errors.js";
import { type LabelKind, labelHint } from "../losses/labelHint.js";
import { isRow, type Labels, readLabels } from "../losses/labels.js";
import { describe } from "../options.js";
import { type Shape, show, sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

/** Class numbers: a Tensor, any array that losses accept as labels, or a list of such arrays, one per image. */
export type ClassMap = Labels;

type Pixels = ArrayLike<number>;

/** The images of `map`: a single one, unless it is a list of arrays or a Tensor with several axes. */
function imagesOf(call: string, name: string, map: ClassMap): Pixels[] {
  if (Array.isArray(map) && isRow(map[0])) {
    return Array.from(map as readonly unknown[], (image, i) => {
      if (isRow(image)) return pixelsOf(call, `${name}[${i}]`, image);
      throw new LovaszError("label", `${call}: ${name}[${i}] is ${describe(image)}, expected an array of class numbers like the first`);
    });
  }
  const values = pixelsOf(call, name, map);
  return map instanceof Tensor && map.shape.length > 1 ? rowsOf(values, map.shape[0]) : [values];
}

// Reads `image` once. Entries of a flat array other than numbers and booleans are refused later by eachPixel, which has better hints.
function pixelsOf(call: string, name: string, image: ClassMap): Pixels {
  if (!Array.isArray(image) || isRow(image[0])) return readLabels(call, image, name);
  return Array.from(image, (label) => (typeof label === "boolean" ? Number(label) : label));
}

function rowsOf(values: Pixels, images: number): Pixels[] {
  // a batch without images is treated like an empty array: one image without pixels
  if (images === 0) return [values];
  const n = values.length / images;
  return Array.from({ length: images }, (_, image) => Array.prototype.slice.call(values, image * n, (image + 1) * n) as number[]);
}

/** Pairs predictions and labels image by image, after checking that their sizes agree. `shape` is that of flat arrays, or null. */
export function pairs(call: string, predictions: ClassMap, labels: ClassMap, shape: Shape | null): Pair[] {
  const count = (list: Pixels[]) => list.reduce((sum, image) => sum + image.length, 0);
  const split = (name: string, list: Pixels[]) => {
    if (shape === null) return list;
    if (sizeOf(shape) !== count(list)) {
      throw new LovaszError("shape", `${call}: shape is ${show(shape)}, but ${name} has ${count(list)} entries`);
    }
    return shape.length > 1 && list.length === 1 ? rowsOf(list[0], shape[0]) : list;
  };
  const predicted = split("predictions", imagesOf(call, "predictions", predictions));
  const truth = split("labels", imagesOf(call, "labels", labels));
  if (count(predicted) !== count(truth)) {
    throw new LovaszError(
      "shape",
      `${call}: predictions has ${count(predicted)} entries and labels ${count(truth)}, expected equally many`,
    );
  }
  if (predicted.length !== truth.length || predicted.some((image, i) => image.length !== truth[i].length)) {
    const [p, t] = [predicted, truth].map((list) => `${list.length} images`);
    throw new LovaszError("shape", `${call}: predictions has ${p} and labels ${t}, expected equally many, of equal sizes`);
  }
  return predicted.map((image, i) => [image, truth[i]]);
}

/** The prediction and the truth of one image. */
export type Pair = readonly [predicted: Pixels, truth: Pixels];

/** What a metric counts. */
export interface Measured {
  call: string;
  kind: LabelKind;
  /** All images of the call. */
  images: readonly Pair[];
}

/** Calls `each` with prediction, label and index of every pixel of an image that is not ignored, after checking both. */
export function eachPixel(
  measured: Measured,
  [predicted, truth]: Pair,
  each: (prediction: number, label: number, index: number) => void,
): void {
  const { classes, ignore } = measured.kind;
  for (let i = 0; i < truth.length; i++) {
    const label = truth[i];
    if (label === ignore) continue;
    if (!isClass(label, classes)) throw wrongLabel(measured, i, label);
    const prediction = predicted[i];
    if (!isClass(prediction, classes)) throw wrongPrediction(measured, i, prediction);
    each(prediction, label, i);
  }
}

function isClass(value: number, classes: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < classes;
}

function wrongLabel(measured: Measured, i: number, label: unknown): LovaszError {
  const maps = measured.images.map(([, truth]) => truth);
  return outside(measured, `labels[${i}]`, label, labelHint(label, maps, measured.kind));
}

function wrongPrediction(measured: Measured, i: number, prediction: unknown): LovaszError {
  return outside(measured, `predictions[${i}]`, prediction, "; predictions are class numbers, not logits");
}

function outside({ call, kind }: Measured, name: string, value: unknown, cure: string): LovaszError {
  return new LovaszError("label", `${call}: ${name} is ${describe(value)}, expected 0..${kind.classes - 1}${cure}`);
}
