import { tidy } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { classMap, type Labels, readLabels } from "./labels.js";

/**
 * The Jaccard weight of each rank: the gradient of the Lovász extension with respect to the errors, whose labels (0 or 1)
 * come in the order of descending errors. Weights are at least 0 and sum to 1. Ranks are taken as they are: ties are not
 * known here.
 *
 * Source: Berman, Rannen Triki, Blaschko (CVPR 2018), algorithm 1, in a closed form that does not cancel.
 */
export function lovaszGrad(sortedLabels: Labels): Float32Array {
  const call = "lovaszGrad";
  const read = readLabels(call, sortedLabels);
  const count = read.length;
  return tidy(() => {
    const labels = classMap(call, read, { count, classes: 2, hasIgnore: false, multiclass: "a call for each class" });
    const weights = Tensor.empty([count]);
    kernels.jaccardWeights_f32(labels.pointer, weights.pointer, count);
    return weights.data.slice();
  });
}
