import { convTranspose2d, convTranspose2dOptions, type ConvTranspose2dOptions as TransposedOptions } from "../ops/convTranspose2d.js";
import { flag, integer, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { allOrNone, heWeights, zeroBias } from "./initial.js";
import { Module } from "./module.js";

/** Options of `ConvTranspose2d`. */
export interface ConvTranspose2dLayerOptions extends TransposedOptions {
  /** Whether to add a learned bias to each output channel. Default true. */
  bias?: boolean;
  /** The seed of the initial weights. Default 0. */
  seed?: number;
}

/**
 * A transposed 2D convolution with a square kernel, from [B, inChannels, H, W] to [B, outChannels, H', W']; see `convTranspose2d`. With
 * kernel and stride 2 it doubles height and width.
 *
 * @example
 * ```js
 * import { nn, randn } from "lovasz";
 *
 * const layer = new nn.ConvTranspose2d(8, 4, 2, { stride: 2 });
 * console.log(layer.forward(randn([1, 8, 16, 16])).shape); // [ 1, 4, 32, 32 ]
 * ```
 */
export class ConvTranspose2d extends Module {
  /** The weights, [inChannels, outChannels, kernelSize, kernelSize]. */
  readonly weight: Tensor;
  /** The bias, [outChannels], or null. */
  readonly bias: Tensor | null;
  /** How the layer convolves. */
  readonly options: Readonly<Required<TransposedOptions>>;

  /**
   * Weights start at random (He initialisation), the bias at 0. Throws `LovaszError` "option".
   * @param inChannels - Channels of the input.
   * @param outChannels - Channels of the output.
   * @param kernelSize - Height and width of the kernel in pixels.
   */
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: ConvTranspose2dLayerOptions = {}) {
    super();
    const call = "new nn.ConvTranspose2d(inChannels, outChannels, kernelSize, options)";
    knownOptions(call, options, ["stride", "padding", "outputPadding", "exact", "bias", "seed"]);
    const [i, o, k] = Object.entries({ inChannels, outChannels, kernelSize }).map(([name, value]) =>
      integer(call, name, value ?? null, 0, 1),
    );
    const bias = flag(call, "bias", options.bias, true);
    const seed = integer(call, "seed", options.seed, 0);
    const { stride, padding, outputPadding, exact } = options;
    this.options = Object.freeze(convTranspose2dOptions(call, { stride, padding, outputPadding, exact }));
    // each output pixel sums the taps of one phase of the stride
    const inputs = Math.max(1, (i * k * k) / this.options.stride ** 2);
    [this.weight, this.bias] = allOrNone(() => [heWeights([i, o, k, k], seed, inputs), bias ? zeroBias(o) : null]);
  }

  /** Enlarges `input` [B, inChannels, H, W]. */
  forward(input: Tensor): Tensor {
    return convTranspose2d(input, this.weight, this.bias, this.options);
  }
}
