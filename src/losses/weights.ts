// The option `pixelWeights` of the Lovász losses.
import { LovaszError } from "../errors.js";
import { describe, isList, MAX_WEIGHT } from "../options.js";
import { Tensor } from "../tensor/tensor.js";

/** Smaller weights count as 0: float32 may not represent the reciprocal of one, times the weight of a class. */
const LEAST_WEIGHT = 1 / MAX_WEIGHT;

/** The weight of each pixel in intersection and union, in the order of the labels: from 0 to 1e18; below 1e-18 counts as 0. */
export type PixelWeights = ArrayLike<number> | Tensor;

/**
 * Checks the values of `weights`, but not their number, and returns a float32 copy; null for none. Weights below `least` count as 0;
 * it is 0 for a loss that divides by no weight. Call this before allocating: weights may be a view of the core's memory, which is
 * detached when the memory grows. Throws `LovaszError` "option".
 */
export function readWeights(call: string, weights: PixelWeights | null | undefined, least = LEAST_WEIGHT): Float32Array | null {
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
    copy[i] = weight < least ? 0 : weight;
    largest = Math.max(largest, weight);
  }
  if (largest > 0 && largest < least) {
    const cure = "multiply all weights by a constant, as only their ratios matter";
    throw new LovaszError("option", `${call}: the largest of pixelWeights is ${largest}, expected 0 or at least 1e-18; ${cure}`);
  }
  return copy;
}

/** Checks that there are `count` weights, copies them to the core, and returns a pointer; 0 for none. Call it within `tidy`. */
export function pixelWeights(call: string, weights: Float32Array | null, count: number): number {
  return weights === null ? 0 : weightTensor(call, weights, count).pointer;
}

/** The same as a tensor of one axis. */
export function weightTensor(call: string, weights: Float32Array, count: number): Tensor {
  if (weights.length !== count) {
    throw new LovaszError(
      "option",
      `${call}: pixelWeights is an array of ${weights.length}, expected ${count} numbers, one for each pixel`,
    );
  }
  const copy = Tensor.empty([count]);
  copy.data.set(weights);
  return copy;
}
