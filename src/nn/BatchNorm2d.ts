import { LovaszError } from "../errors.js";
import { batchNorm } from "../ops/batchNorm.js";
import { readEps } from "../ops/normArguments.js";
import { operand } from "../ops/operand.js";
import { finite, integer, knownOptions } from "../options.js";
import { ones } from "../tensor/ones.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { zeros } from "../tensor/zeros.js";
import { allOrNone, buffer, unitWeight, zeroBias } from "./initial.js";
import { Module } from "./module.js";

/** Options of `BatchNorm2d`. */
export interface BatchNorm2dOptions {
  /** The share of each batch in the running mean and variance, from 0 to 1. Default 0.1. */
  momentum?: number;
  /** Added to the variance, from 0; at least 1e-20 is added. Default 1e-5. */
  eps?: number;
}

/**
 * Batch normalisation of images [B, channels, H, W]; see `batchNorm`. In training it normalises by the mean and variance of the batch, and
 * collects them in the buffers `running_mean` and `running_var`; after `eval()` it normalises by those.
 *
 * @example
 * ```js
 * import { nn, randn } from "lovasz";
 *
 * const layer = new nn.BatchNorm2d(8);
 * console.log(layer.forward(randn([2, 8, 16, 16])).shape); // [ 2, 8, 16, 16 ]
 * console.log(Object.keys(layer.stateDict())); // [ 'weight', 'bias', 'running_mean', 'running_var' ]
 * ```
 */
export class BatchNorm2d extends Module {
  /** What each channel is multiplied by, [channels]. */
  readonly weight: Tensor;
  /** What is added to each channel, [channels]. */
  readonly bias: Tensor;
  /** The running mean of each channel, a buffer [channels]. */
  declare readonly running_mean: Tensor;
  /** The running variance of each channel, a buffer [channels]. */
  declare readonly running_var: Tensor;
  /** What the layer was built with. */
  readonly options: Readonly<Required<BatchNorm2dOptions>>;

  /**
   * Weights and running variances start at 1, biases and running means at 0. Throws `LovaszError` "option".
   * @param channels - Channels of the input.
   */
  constructor(channels: number, options: BatchNorm2dOptions = {}) {
    super();
    const call = "new nn.BatchNorm2d(channels, options)";
    knownOptions(call, options, ["momentum", "eps"]);
    const size = integer(call, "channels", channels ?? null, 1, 1);
    this.options = Object.freeze({
      momentum: finite(call, "momentum", options.momentum, 0.1, 0, 1),
      eps: readEps(call, options.eps),
    });
    const [weight, bias, mean, variance] = allOrNone(() => [unitWeight(size), zeroBias(size), buffer(zeros([size])), buffer(ones([size]))]);
    this.weight = weight;
    this.bias = bias;
    this.registerBuffer("running_mean", mean);
    this.registerBuffer("running_var", variance);
  }

  /** Normalises `input` [B, channels, H, W]. Throws `LovaszError` "shape", in training also for a single value per channel. */
  forward(input: Tensor): Tensor {
    const { shape } = operand("BatchNorm2d", input, "input");
    if (shape.length !== 4) {
      throw new LovaszError("shape", `BatchNorm2d: the input has shape ${show(shape)}, expected [B, ${this.weight.size}, H, W]`);
    }
    return batchNorm(input, this.weight, this.bias, {
      runningMean: this.running_mean,
      runningVar: this.running_var,
      training: this.training,
      ...this.options,
    });
  }
}
