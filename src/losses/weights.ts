// Weights of pixels, an option of the Lovász losses.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { Tensor } from "../tensor/tensor.js";

/** What each pixel counts in intersection and union: at least 0, in the order of the labels. */
export type PixelWeights = ArrayLike<number> | Tensor;

/** A pointer to `count` weights in float32, or 0 for none. To be called within `tidy`. */
export function pixelWeights(call: string, weights: PixelWeights | null | undefined, count: number): number {
  if (weights === undefined || weights === null) return 0;
  const isList = weights instanceof Tensor || Array.isArray(weights) || (ArrayBuffer.isView(weights) && !(weights instanceof DataView));
  const length = weights instanceof Tensor ? weights.size : weights.length;
  if (!isList || length !== count) {
    throw new LovaszError("option", `${call}: pixelWeights is ${describe(weights)}, expected ${count} numbers, one for each pixel`);
  }
  const copy = Tensor.empty([count]);
  const { data } = copy;
  data.set(weights instanceof Tensor ? weights.data : weights);
  for (let i = 0; i < count; i++) {
    if (data[i] >= 0 && data[i] < Number.POSITIVE_INFINITY) continue;
    throw new LovaszError("option", `${call}: pixelWeights[${i}] is ${data[i]}, expected a finite number of at least 0`);
  }
  return copy.pointer;
}
