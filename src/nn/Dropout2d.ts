import { LovaszError } from "../errors.js";
import { dropoutChannels } from "../ops/dropoutChannels.js";
import { readProbability, readSeeds, type Seeds } from "../ops/dropoutMask.js";
import { operand } from "../ops/operand.js";
import { reshape } from "../ops/reshape.js";
import { knownOptions } from "../options.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { DropoutLayerOptions } from "./Dropout.js";
import { Module } from "./module.js";

/**
 * Dropout of whole channels of images [B, C, H, W], whose neighbouring pixels are too much alike for `Dropout`. After `eval()` it changes
 * nothing.
 *
 * Source: Tompson, Goroshin, Jain, LeCun, Bregler, "Efficient object localization using convolutional networks" (2015), section 3.2.
 *
 * @example
 * ```js
 * import { nn, ones } from "lovasz";
 *
 * const layer = new nn.Dropout2d(0.5, { seed: 1 });
 * console.log(layer.forward(ones([1, 3, 1, 2])).toArray().flat(2)); // [ [ 2, 2 ], [ 0, 0 ], [ 2, 2 ] ]
 * ```
 */
export class Dropout2d extends Module {
  readonly #p: number;
  /** The seeds of its masks. @internal */
  readonly seeds: Seeds;

  /**
   * Throws `LovaszError` "option".
   * @param p - The probability of each channel to become 0, from 0 to 1. Default 0.5.
   */
  constructor(p?: number, options: DropoutLayerOptions = {}) {
    super();
    const call = "new nn.Dropout2d(p, options)";
    knownOptions(call, options, ["seed"]);
    this.#p = readProbability(call, p);
    this.seeds = readSeeds(call, options.seed);
  }

  /**
   * Drops channels of `input` [B, C, H, W] in training, other ones at each call; afterwards the result shares the memory of `input`. Throws
   * `LovaszError` "shape".
   */
  forward(input: Tensor): Tensor {
    const { shape } = operand("Dropout2d", input, "input");
    if (shape.length !== 4) throw new LovaszError("shape", `Dropout2d: the input has shape ${show(shape)}, expected [B, C, H, W]`);
    return this.training ? this.seeds.take((seed) => dropoutChannels(input, this.#p, seed)) : reshape(input, shape);
  }
}
