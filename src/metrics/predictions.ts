// What the metrics are given: class numbers of prediction and truth, pixel by pixel.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { Tensor } from "../tensor/tensor.js";

/** Class numbers: any typed array or array of whole numbers, or a Tensor of them. */
export type ClassMap = ArrayLike<number> | Tensor;

/** The numbers of `map`; throws unless it is a list of numbers. */
export function classNumbers(call: string, name: string, map: ClassMap): ArrayLike<number> {
  const values = map instanceof Tensor ? map.data : map;
  if (Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView))) return values as ArrayLike<number>;
  throw new LovaszError("label", `${call}: ${name} is ${describe(map)}, expected an array of class numbers or a Tensor`);
}

/** Calls `each` with prediction and label of every pixel that is not void, both checked to be below `classes`. */
export function eachPixel(
  call: string,
  predictions: ClassMap,
  labels: ClassMap,
  { classes, ignore, from, to }: { classes: number; ignore: number | null | undefined; from: number; to: number },
  each: (prediction: number, label: number) => void,
): void {
  const predicted = classNumbers(call, "predictions", predictions);
  const truth = classNumbers(call, "labels", labels);
  for (let i = from; i < to; i++) {
    const label = truth[i];
    if (label === ignore) continue;
    if (!isClass(label, classes)) throw outside(call, "labels", i, label, classes);
    if (!isClass(predicted[i], classes)) throw outside(call, "predictions", i, predicted[i], classes);
    each(predicted[i], label);
  }
}

function isClass(value: number, classes: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < classes;
}

function outside(call: string, name: string, i: number, value: unknown, classes: number): LovaszError {
  const cure = name === "labels" ? `pass { ignore: ${describe(value)} } if it marks void pixels` : "predictions are class numbers, not logits";
  return new LovaszError("label", `${call}: ${name}[${i}] is ${describe(value)}, expected 0..${classes - 1}; ${cure}`);
}

/** Checks that both maps have the same length, and returns it. */
export function sameLength(call: string, predictions: ClassMap, labels: ClassMap): number {
  const n = classNumbers(call, "predictions", predictions).length;
  const m = classNumbers(call, "labels", labels).length;
  if (n === m) return n;
  throw new LovaszError("shape", `${call}: predictions has ${n} entries and labels ${m}, expected as many`);
}
