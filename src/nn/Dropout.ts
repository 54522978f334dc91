import { dropout } from "../ops/dropout.js";
import { readProbability, readSeeds, type Seeds } from "../ops/dropoutMask.js";
import { operand } from "../ops/operand.js";
import { reshape } from "../ops/reshape.js";
import { knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** Options of `Dropout` and `Dropout2d`. */
export interface DropoutLayerOptions {
  /**
   * The seed of the sequence of masks, one for each call of `forward` in training. By default the layer takes its masks from the sequence
   * of all calls without a seed.
   */
  seed?: number;
}

/**
 * Dropout as a layer; see `dropout`. After `eval()` it changes nothing.
 *
 * @example
 * ```js
 * import { nn, ones } from "lovasz";
 *
 * const layer = new nn.Dropout(0.5, { seed: 3 });
 * console.log(layer.forward(ones([6])).toArray()); // [ 0, 2, 0, 0, 2, 0 ]
 * console.log(layer.eval().forward(ones([6])).toArray()); // [ 1, 1, 1, 1, 1, 1 ]
 * ```
 */
export class Dropout extends Module {
  readonly #p: number;
  /** The seeds of its masks. @internal */
  readonly seeds: Seeds;

  /**
   * Throws `LovaszError` "option".
   * @param p - The probability of each element to become 0, from 0 to 1. Default 0.5.
   */
  constructor(p?: number, options: DropoutLayerOptions = {}) {
    super();
    const call = "new nn.Dropout(p, options)";
    knownOptions(call, options, ["seed"]);
    this.#p = readProbability(call, p);
    this.seeds = readSeeds(call, options.seed);
  }

  /** Drops elements of `input` in training, with a new mask at each call; afterwards the result shares the memory of `input`. */
  forward(input: Tensor): Tensor {
    operand("Dropout", input, "input");
    return this.training ? this.seeds.take((seed) => dropout(input, this.#p, { seed })) : reshape(input, input.shape);
  }
}
