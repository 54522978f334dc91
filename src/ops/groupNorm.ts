import { LovaszError } from "../errors.js";
import { integer, knownOptions } from "../options.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { momentsFor } from "./groupMoments.js";
import { normalise } from "./norm.js";
import { checkCount, extentsOf, perChannel, readEps } from "./normArguments.js";

/** Options of `groupNorm`. */
export interface GroupNormOptions {
  /** Added to the variance, from 0; at least 1e-20 is added. Default 1e-5. */
  eps?: number;
}

/**
 * Normalises `x` of shape [B, C, ...]. The channels of each image are divided into `groups` of neighbours, and the values of a group get
 * mean 0 and variance 1. Then each channel is multiplied by its `weight` [C], if there is one, and its `bias` [C] is added. With one group
 * this is the layer normalisation of images, with C groups instance normalisation. Throws `LovaszError` "shape" or "option".
 *
 * Source: Wu, He, "Group normalization" (2018).
 *
 * @example
 * ```js
 * import { groupNorm, tensor } from "lovasz";
 *
 * const x = tensor([1, 3, 20, 60], [1, 2, 2]);
 * console.log(groupNorm(x, 2).toArray().flat(2).map((one) => one.toFixed(2))); // [ '-1.00', '1.00', '-1.00', '1.00' ]
 * ```
 */
export function groupNorm(x: Tensor, groups: number, weight?: Tensor | null, bias?: Tensor | null, options: GroupNormOptions = {}): Tensor {
  const call = "groupNorm(x, groups, weight, bias, options)";
  const { batch, channels, plane } = extentsOf(call, x);
  integer(call, "groups", groups ?? null, 1, 1); // there is no default
  if (channels % groups !== 0) {
    throw new LovaszError(
      "shape",
      `${call}: groups is ${groups}, but x has shape ${show(x.shape)}; expected a divisor of its ${channels} channels`,
    );
  }
  const [scale, shift] = [perChannel(call, "weight", weight, channels), perChannel(call, "bias", bias, channels)];
  knownOptions(call, options, ["eps"]);
  const eps = readEps(call, options.eps);
  const shared = channels / groups;
  checkCount(call, x, batch * shared * plane, "group");
  const grouping = { batch: 1, units: batch * channels, plane, groups: batch * groups, shared, channels };
  return normalise(x, scale, shift, grouping, momentsFor(grouping.groups), eps);
}
