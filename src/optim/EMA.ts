import { LovaszError } from "../errors.js";
import { Module } from "../nn/module.js";
import { readEntries, type StateDict } from "../nn/stateDict.js";
import { describe, finite, knownOptions } from "../options.js";
import { tidy, untrack } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewF32 } from "../wasm/memory.js";
import { checkAlive } from "./checks.js";

/** Options of `EMA`. */
export interface EMAOptions {
  /** The factor on the average in each update, from 0 to 1: the average is over about 1 / (1 - decay) updates. Default 0.999. */
  decay?: number;
}

/** A tensor of the network and its average. */
interface Pair {
  name: string;
  live: Tensor;
  average: Tensor;
}

/**
 * An exponential moving average of a network: of all tensors in its `stateDict()`, running statistics included. The average often
 * predicts better than the network that is being trained. It starts with the values at construction, and each `update()` makes it
 * decay * average + (1 - decay) * value.
 *
 * Source: Polyak, Juditsky, "Acceleration of stochastic approximation by averaging" (1992); exponential as in Kingma, Ba, "Adam" (2015),
 * section 7.2.
 *
 * @example
 * ```js
 * import { nn, optim } from "lovasz";
 *
 * const network = new nn.Linear(1, 1);
 * network.bias.data[0] = 0;
 * const ema = new optim.EMA(network, { decay: 0.75 });
 * network.bias.data[0] = 4; // as a step of an optimiser does
 * ema.update();
 * ema.swap();
 * console.log(network.bias.item()); // 1
 * ema.swap();
 * console.log(network.bias.item()); // 4
 * ```
 */
export class EMA {
  /** The factor on the average in each update. */
  readonly decay: number;
  readonly #pairs: readonly Pair[];
  #isSwapped = false;
  #isDisposed = false;

  /**
   * Copies the values of `module`. Throws `LovaszError` "option", "disposed" or "memory".
   * @param module - The network; it must keep its tensors, as training and `loadStateDict()` do.
   */
  constructor(module: Module, options: EMAOptions = {}) {
    const call = "new optim.EMA(module, options)";
    knownOptions(call, options, ["decay"]);
    this.decay = finite(call, "decay", options.decay, 0.999, 0, 1);
    if (!(module instanceof Module)) {
      throw new LovaszError("option", `${call}: module is ${describe(module)}, expected a layer or network`);
    }
    const named = [...module.named()];
    for (const [name, live] of named) checkAlive(call, name, live);
    // a tensor with several names has one average
    const own = [...new Set(named.map(([, live]) => live))];
    const averages = tidy(() => new Map(own.map((live) => [live, copyOf(live)])));
    for (const average of averages.values()) untrack(average);
    this.#pairs = named.map(([name, live]) => ({ name, live, average: averages.get(live) as Tensor }));
  }

  /**
   * Moves the average towards the values of the network. Call it after each step of the optimiser. Throws `LovaszError` "disposed", or
   * "option" while the network holds the average.
   */
  update(): void {
    const tensors = this.#memory("update()");
    if (this.#isSwapped) {
      throw new LovaszError("option", "update(): the network holds the average; call swap() before training goes on");
    }
    for (const { average, live, size } of tensors) kernels.lerp_f32(average, live, 1 - this.decay, size);
  }

  /** Exchanges the average and the values of the network, for validation say; a second call brings both back. Throws `LovaszError` "disposed". */
  swap(): void {
    for (const { average, live, size } of this.#memory("swap()")) {
      const [a, b] = [viewF32(average, size), viewF32(live, size)];
      const held = a.slice();
      a.set(b);
      b.set(held);
    }
    this.#isSwapped = !this.#isSwapped;
  }

  /** A copy of the average by the names of the network, whose `loadStateDict()` takes it, too. */
  stateDict(): StateDict {
    this.#memory("stateDict()");
    const entries = this.#pairs.map((pair) => {
      const { shape, data } = this.#average(pair);
      return [pair.name, { shape: [...shape], data: data.slice() }];
    });
    return Object.fromEntries(entries);
  }

  /**
   * Copies the values of `state` to the average: all of them, or none if it throws. Throws `LovaszError` "data" if names differ or a
   * value is not a number, "shape" if shapes differ, "nan" if a number is not finite, and "disposed".
   */
  loadStateDict(state: StateDict): void {
    const call = "loadStateDict(state)";
    this.#memory(call);
    const expected = new Map(this.#pairs.map((pair) => [pair.name, this.#average(pair)]));
    const values = readEntries(call, "state", state, expected);
    [...expected.values()].forEach(({ data }, i) => {
      data.set(values[i]);
    });
  }

  /** Frees the average; while the network holds it, the values that it had before. */
  dispose(): void {
    this.#isDisposed = true;
    for (const { average } of this.#pairs) average.dispose();
  }

  #average({ live, average }: Pair): Tensor {
    return this.#isSwapped ? live : average;
  }

  // Pointers to each average and its tensor, once for each. Everything that can fail happens here.
  #memory(call: string): { average: number; live: number; size: number }[] {
    if (this.#isDisposed) throw new LovaszError("disposed", `${call}: this EMA was disposed; use it before dispose()`);
    for (const { name, live } of this.#pairs) checkAlive(call, name, live);
    const tensors = new Map(this.#pairs.map(({ live, average }) => [live, average]));
    return [...tensors].map(([live, average]) => ({ average: average.pointer, live: live.pointer, size: live.size }));
  }
}

function copyOf(tensor: Tensor): Tensor {
  const { pointer, shape, size } = tensor;
  const made = Tensor.empty(shape);
  kernels.copyBlocks(pointer, 0, made.pointer, 0, 4 * size, 1);
  return made;
}
