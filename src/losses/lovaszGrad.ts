import { kernels } from "../wasm/instance.js";
import { scratch, viewF32 } from "../wasm/memory.js";
import { type Labels, labelCount, withLabels } from "./labels.js";

/**
 * The Jaccard weight of each rank: the gradient of the Lovász extension with respect to the errors, whose labels (0 or 1)
 * come in the order of descending errors. Weights are at least 0 and sum to 1. Ranks are taken as they are: ties are not
 * known here.
 *
 * Source: Berman, Rannen Triki, Blaschko (CVPR 2018), algorithm 1, in a closed form that does not cancel.
 */
export function lovaszGrad(sortedLabels: Labels): Float32Array {
  const count = labelCount(sortedLabels);
  return withLabels("lovaszGrad", sortedLabels, { count, classes: 2, ignore: null }, (labels) =>
    scratch([4 * count], (weights) => {
      kernels.jaccardWeights_f32(labels, weights, count);
      return viewF32(weights, count).slice();
    }),
  );
}
