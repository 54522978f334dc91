// Weights of pixels, an option of the Lovász losses.
import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";
import { Tensor } from "../tensor/tensor.js";

/** What each pixel counts in intersection and union: at least 0, in the order of the labels. */
export type PixelWeights = ArrayLike<number> | Tensor;

/** Throws unless `weights` is none or a list of `count`. */
export function checkWeights(call: string, weights: PixelWeights | null | undefined, count: number): void {
  if (weights === undefined || weights === null) return;
  const length = weights instanceof Tensor ? weights.size : isList(weights) ? weights.length : -1;
  if (length === count) return;
  throw new LovaszError("option", `${call}: pixelWeights is ${describe(weights)}, expected ${count} numbers, one for each pixel`);
}

/** A pointer to `count` weights in float32, or 0 for none. To be called within `tidy`. */
export function pixelWeights(call: string, weights: PixelWeights | null | undefined, count: number): number {
  if (weights === undefined || weights === null) return 0;
  checkWeights(call, weights, count);
  const copy = Tensor.empty([count]);
  const { data } = copy;
  const values = weights instanceof Tensor ? weights.data : weights;
  for (let i = 0; i < count; i++) {
    const weight = values[i];
    if (typeof weight === "number") data[i] = weight;
    if (typeof weight === "number" && data[i] >= 0 && data[i] < Number.POSITIVE_INFINITY) continue;
    throw new LovaszError("option", `${call}: pixelWeights[${i}] is ${describe(weight)}, expected a finite number of at least 0`);
  }
  return copy.pointer;
}
