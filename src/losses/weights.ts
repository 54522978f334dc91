// Weights of pixels, an option of the Lovász losses.
import { LovaszError } from "../errors.js";
import { describe, isList, MAX_WEIGHT } from "../options.js";
import { Tensor } from "../tensor/tensor.js";

/** Smaller weights count as 0: times the weight of a class, float32 may not hold what 1 is by them. */
const LEAST_WEIGHT = 1 / MAX_WEIGHT;

/** What each pixel counts in intersection and union: from 0 to 1e18, less than 1e-18 as 0; in the order of the labels. */
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
  let largest = 0;
  for (let i = 0; i < copy.length; i++) {
    const weight = values[i];
    if (!(typeof weight === "number" && weight >= 0 && weight <= MAX_WEIGHT)) {
      const expected = `expected a number from 0 to ${MAX_WEIGHT.toExponential()}`;
      throw new LovaszError("option", `${call}: pixelWeights[${i}] is ${describe(weight)}, ${expected}`);
    }
    copy[i] = weight < LEAST_WEIGHT ? 0 : weight;
    largest = Math.max(largest, weight);
  }
  if (largest > 0 && largest < LEAST_WEIGHT) {
    const cure = "multiply all by a constant, as only their ratios count";
    throw new LovaszError("option", `${call}: the largest of pixelWeights is ${largest}, expected 0 or at least 1e-18; ${cure}`);
  }
  return copy;
}

/** A pointer to `weights`, of which there must be `count`, or 0 for none. To be called within `tidy`. */
export function pixelWeights(call: string, weights: Float32Array | null, count: number): number {
  if (weights === null) return 0;
  if (weights.length !== count) {
    throw new LovaszError(
      "option",
      `${call}: pixelWeights is an array of ${weights.length}, expected ${count} numbers, one for each pixel`,
    );
  }
  const copy = Tensor.empty([count]);
  copy.data.set(weights);
  return copy.pointer;
}
