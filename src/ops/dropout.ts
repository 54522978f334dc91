import { integer, knownOptions } from "../options.js";
import { overwriting, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { readProbability, unseeded } from "./dropoutMask.js";
import { operand } from "./operand.js";

/** Options of `dropout`. */
export interface DropoutOptions {
  /** The seed of the mask: equal seeds drop the same elements. By default each call has a new mask; a program that runs again repeats them. */
  seed?: number;
}

/**
 * Each element becomes 0 with probability `p` (from 0 to 1, default 0.5), and is divided by 1 - p otherwise, so that its expectation stays.
 * The gradient passes through the elements that are kept. Throws `LovaszError` "shape" or "option".
 *
 * Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout" (2014).
 *
 * @example
 * ```js
 * import { dropout, ones } from "lovasz";
 *
 * console.log(dropout(ones([6]), 0.5, { seed: 1 }).toArray()); // [ 0, 0, 2, 2, 0, 2 ]
 * ```
 */
export function dropout(x: Tensor, p?: number, options: DropoutOptions = {}): Tensor {
  const call = "dropout(x, p, options)";
  operand(call, x, "x");
  const probability = readProbability(call, p);
  knownOptions(call, options, ["seed"]);
  if (options.seed === undefined) return unseeded.take((seed) => masked(x, probability, seed));
  return masked(x, probability, integer(call, "seed", options.seed, 0));
}

function masked(x: Tensor, p: number, seed: number): Tensor {
  // an element is kept where its random number of 32 bits is at least that
  const threshold = Math.ceil(p * 2 ** 32);
  const drop = (from: number, out: Tensor) => {
    if (threshold === 2 ** 32) kernels.fill_f32(0, out.pointer, out.size);
    else kernels.dropout_f32(from, out.pointer, out.size, seed | 0, threshold, 1 / (1 - p));
    return out;
  };
  const pointer = x.pointer;
  const out = drop(pointer, Tensor.empty(x.shape));
  return record(out, [x], [], () => (upstream) => [drop(upstream.pointer, overwriting(upstream))]);
}
