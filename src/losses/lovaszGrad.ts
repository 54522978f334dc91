import { tidy } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { classMap, type Labels, readLabels } from "./labels.js";

/**
 * The Jaccard weight of each rank: the gradient of the Lovász extension of the Jaccard loss by the sorted errors. `sortedLabels` are
 * the labels, 0 or 1, in descending order of the errors. The weights are at least 0 and sum to 1. Ties cannot be seen here, so equal
 * errors do not share their weights.
 *
 * Source: Berman, Rannen Triki, Blaschko (CVPR 2018), algorithm 1, in a closed form without cancellation.
 *
 * @example
 * ```js
 * import { lovaszGrad } from "lovasz";
 *
 * console.log(lovaszGrad([1, 0, 1])); // Float32Array(3) [ 0.5, 0.1666666716337204, 0.3333333432674408 ]
 * ```
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
