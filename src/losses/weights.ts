// Weights of pixels, an option of the Lovász losses.
import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";
import { Tensor } from "../tensor/tensor.js";

/** What each pixel counts in intersection and union: at least 0, in the order of the labels. */
export type PixelWeights = ArrayLike<number> | Tensor;

/**
 * A copy of `weights` in float32, checked but for how many there are; null for none. To be called before anything is allocated:
 * weights may be a view of the core's memory, which dies as that grows. Throws `LovaszError` "option".
 */
export function readWeights(call: string, weights: PixelWeights | null | undefined): Float32Array | null {
  if (weights === undefined || weights === null) return null;
  const values = weights instanceof Tensor ? weights.copy() : weights;
  if (!isList(values)) {
    throw new LovaszError("option", `${call}: pixelWeights is ${describe(values)}, expected a number for each pixel`);
  }
  const copy = new Float32Array(values.length);
  for (let i = 0; i < copy.length; i++) {
    const weight = values[i];
    if (typeof weight === "number") copy[i] = weight;
    if (typeof weight === "number" && copy[i] >= 0 && copy[i] < Number.POSITIVE_INFINITY) continue;
    throw new LovaszError("option", `${call}: pixelWeights[${i}] is ${describe(weight)}, expected a finite number of at least 0`);
  }
  return copy;
}

/** A pointer to `weights`, of which there must be `count`, or 0 for none. To be called within `tidy`. */
export function pixelWeights(call: string, weights: Float32Array | null, count: number): number {
  if (weights === null) return 0;
  if (weights.length !== count) {
    throw new LovaszError("option", `${call}: pixelWeights has ${weights.length} numbers, expected ${count}, one for each pixel`);
  }
  const copy = Tensor.empty([count]);
  copy.data.set(weights);
  return copy.pointer;
}
