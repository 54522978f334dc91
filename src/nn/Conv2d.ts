import { LovaszError } from "../errors.js";
import { type Conv2dOptions as ConvolutionOptions, conv2d, conv2dOptions, conv2dRelu } from "../ops/conv2d.js";
import { flag, integer, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { allOrNone, heWeights, zeroBias } from "./initial.js";
import { Module } from "./module.js";

/** Options of `Conv2d`. */
export interface Conv2dLayerOptions extends ConvolutionOptions {
  /** Whether to add a learned bias to each output channel. Default true. */
  bias?: boolean;
  /** The seed of the initial weights. Default 0. */
  seed?: number;
}

/**
 * A 2D convolution with a square kernel, from [B, inChannels, H, W] to [B, outChannels, H', W']; see `conv2d`.
 *
 * @example
 * ```js
 * import { nn, randn } from "lovasz";
 *
 * const layer = new nn.Conv2d(3, 8, 3, { padding: 1 });
 * console.log(layer.forward(randn([1, 3, 16, 16])).shape); // [ 1, 8, 16, 16 ]
 * ```
 */
export class Conv2d extends Module {
  /** The weights, [outChannels, inChannels / groups, kernelSize, kernelSize]. */
  readonly weight: Tensor;
  /** The bias, [outChannels], or null. */
  readonly bias: Tensor | null;
  /** How the layer convolves. */
  readonly options: Readonly<Required<ConvolutionOptions>>;

  /**
   * Weights start at random (He initialisation), the bias at 0. Throws `LovaszError` "option".
   * @param inChannels - Channels of the input.
   * @param outChannels - Channels of the output.
   * @param kernelSize - Height and width of the kernel in pixels.
   */
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: Conv2dLayerOptions = {}) {
    super();
    const call = "new nn.Conv2d(inChannels, outChannels, kernelSize, options)";
    knownOptions(call, options, ["stride", "padding", "dilation", "groups", "exact", "bias", "seed"]);
    const [i, o, k] = Object.entries({ inChannels, outChannels, kernelSize }).map(([name, value]) =>
      integer(call, name, value ?? null, 0, 1),
    );
    const bias = flag(call, "bias", options.bias, true);
    const seed = integer(call, "seed", options.seed, 0);
    const { stride, padding, dilation, groups, exact } = options;
    this.options = Object.freeze(conv2dOptions(call, { stride, padding, dilation, groups, exact }));
    const perGroup = i / this.options.groups;
    if (!Number.isInteger(perGroup) || !Number.isInteger((o * perGroup) / i)) {
      throw new LovaszError("option", `${call}: groups is ${groups}, expected a divisor of inChannels, ${i}, and of outChannels, ${o}`);
    }
    [this.weight, this.bias] = allOrNone(() => [heWeights([o, perGroup, k, k], seed), bias ? zeroBias(o) : null]);
  }

  /** Convolves `input` [B, inChannels, H, W]. */
  forward(input: Tensor): Tensor {
    return conv2d(input, this.weight, this.bias, this.options);
  }

  /** relu of it. @internal */
  forwardRelu(input: Tensor): Tensor {
    return conv2dRelu(input, this.weight, this.bias, this.options);
  }
}
