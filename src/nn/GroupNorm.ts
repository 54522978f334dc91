import { LovaszError } from "../errors.js";
import { type GroupNormOptions, groupNorm } from "../ops/groupNorm.js";
import { readEps } from "../ops/normArguments.js";
import { integer, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { allOrNone, unitWeight, zeroBias } from "./initial.js";
import { Module } from "./module.js";

/**
 * Group normalisation of [B, channels, ...]; see `groupNorm`. It is the same in training and afterwards, and does not depend on the size of
 * the batch.
 *
 * @example
 * ```js
 * import { nn, randn } from "lovasz";
 *
 * const layer = new nn.GroupNorm(2, 8);
 * console.log(layer.forward(randn([1, 8, 16, 16])).shape); // [ 1, 8, 16, 16 ]
 * ```
 */
export class GroupNorm extends Module {
  /** What each channel is multiplied by, [channels]. */
  readonly weight: Tensor;
  /** What is added to each channel, [channels]. */
  readonly bias: Tensor;
  /** The number of groups. */
  readonly groups: number;
  /** What the layer was built with. */
  readonly options: Readonly<Required<GroupNormOptions>>;

  /**
   * Weights start at 1, the bias at 0. Throws `LovaszError` "option".
   * @param groups - The number of groups, a divisor of `channels`.
   * @param channels - Channels of the input.
   */
  constructor(groups: number, channels: number, options: GroupNormOptions = {}) {
    super();
    const call = "new nn.GroupNorm(groups, channels, options)";
    knownOptions(call, options, ["eps"]);
    this.groups = integer(call, "groups", groups ?? null, 1, 1);
    const size = integer(call, "channels", channels ?? null, 1, 1);
    if (size % this.groups !== 0) {
      throw new LovaszError("option", `${call}: groups is ${groups}, expected a divisor of channels, ${size}`);
    }
    this.options = Object.freeze({ eps: readEps(call, options.eps) });
    [this.weight, this.bias] = allOrNone(() => [unitWeight(size), zeroBias(size)]);
  }

  /** Normalises `input` [B, channels, ...]. Throws `LovaszError` "shape". */
  forward(input: Tensor): Tensor {
    return groupNorm(input, this.groups, this.weight, this.bias, this.options);
  }
}
