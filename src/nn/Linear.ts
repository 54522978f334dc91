import { add } from "../ops/add.js";
import { matmul } from "../ops/matmul.js";
import { transpose } from "../ops/transpose.js";
import { flag, integer, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { allOrNone, heWeights, zeroBias } from "./initial.js";
import { Module } from "./module.js";

/** Options of `Linear`. */
export interface LinearOptions {
  /** Whether to add a learned bias to each output feature. Default true. */
  bias?: boolean;
  /** The seed of the initial weights. Default 0. */
  seed?: number;
}

/**
 * A fully connected layer, from [..., inFeatures] to [..., outFeatures]: input times the transposed weight, plus bias.
 *
 * @example
 * ```js
 * import { nn, randn } from "lovasz";
 *
 * const layer = new nn.Linear(4, 2);
 * console.log(layer.forward(randn([10, 4])).shape); // [ 10, 2 ]
 * ```
 */
export class Linear extends Module {
  /** The weights, [outFeatures, inFeatures]. */
  readonly weight: Tensor;
  /** The bias, [outFeatures], or null. */
  readonly bias: Tensor | null;

  /**
   * Weights start at random (He initialisation), the bias at 0. Throws `LovaszError` "option".
   * @param inFeatures - Length of the last axis of the input.
   * @param outFeatures - Length of the last axis of the output.
   */
  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    const call = "new nn.Linear(inFeatures, outFeatures, options)";
    knownOptions(call, options, ["bias", "seed"]);
    const [i, o] = Object.entries({ inFeatures, outFeatures }).map(([name, value]) => integer(call, name, value ?? null, 0, 1));
    const bias = flag(call, "bias", options.bias, true);
    const seed = integer(call, "seed", options.seed, 0);
    [this.weight, this.bias] = allOrNone(() => [heWeights([o, i], seed), bias ? zeroBias(o) : null]);
  }

  /** Multiplies `input` [..., inFeatures] by the weights and adds the bias. */
  forward(input: Tensor): Tensor {
    return tidy(() => {
      const product = matmul(input, transpose(this.weight));
      return this.bias ? add(product, this.bias) : product;
    });
  }
}
