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
  /** Add a number per output feature. Default true. */
  bias?: boolean;
  /** Seed of the starting weights. Default 0. */
  seed?: number;
}

/** input [..., inFeatures] times weight [outFeatures, inFeatures] transposed, plus bias: [..., outFeatures]. */
export class Linear extends Module {
  /** [outFeatures, inFeatures]. */
  readonly weight: Tensor;
  /** [outFeatures]. */
  readonly bias: Tensor | null;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    const call = "new nn.Linear(inFeatures, outFeatures, options)";
    knownOptions(call, options, ["bias", "seed"]);
    const [i, o] = Object.entries({ inFeatures, outFeatures }).map(([name, value]) => integer(call, name, value ?? null, 0, 1));
    const bias = flag(call, "bias", options.bias, true);
    const seed = integer(call, "seed", options.seed, 0);
    [this.weight, this.bias] = allOrNone(() => [heWeights([o, i], seed), bias ? zeroBias(o) : null]);
  }

  forward(input: Tensor): Tensor {
    return tidy(() => {
      const product = matmul(input, transpose(this.weight));
      return this.bias ? add(product, this.bias) : product;
    });
  }
}
