import { LovaszError } from "../errors.js";
import { describe, finite, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { Optimizer } from "./optimizer.js";

/** Options of `Adam`. */
export interface AdamOptions {
  /** Learning rate, at least 0. Default 0.001. */
  lr?: number;
  /** Decay of the mean gradient and of the mean square. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Added to the root of the mean square. Default 1e-8. */
  eps?: number;
  /** Times the parameter is added to its gradient. Default 0. */
  weightDecay?: number;
}

/** Adam: Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1. */
export class Adam extends Optimizer {
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly weightDecay: number;
  // steps taken, for each parameter: one without gradient rests
  readonly #steps: number[];

  constructor(parameters: readonly Tensor[], options: AdamOptions = {}) {
    const call = "new optim.Adam(parameters, options)";
    knownOptions(call, options, ["lr", "betas", "eps", "weightDecay"]);
    const { lr = 0.001 } = options;
    super(call, parameters, lr);
    const { betas = [0.9, 0.999] } = options;
    if (!Array.isArray(betas) || betas.length !== 2 || !betas.every((beta) => typeof beta === "number" && beta >= 0 && beta < 1)) {
      throw new LovaszError("option", `${call}: betas is ${describe(betas)}, expected two numbers from 0 to less than 1`);
    }
    this.betas = [betas[0], betas[1]];
    this.eps = finite(call, "eps", options.eps, 1e-8, 0);
    this.weightDecay = finite(call, "weightDecay", options.weightDecay, 0, 0);
    this.#steps = parameters.map(() => 0);
  }

  step(): void {
    const [beta1, beta2] = this.betas;
    this.parameters.forEach((parameter, i) => {
      if (!parameter.grad) return;
      const [first, second] = this.state(i, 2);
      this.#steps[i] += 1;
      const t = this.#steps[i];
      const step = this.lr / (1 - beta1 ** t);
      const correction = 1 / Math.sqrt(1 - beta2 ** t);
      const { pointer, grad, size } = parameter;
      kernels.adam_f32(
        pointer,
        grad.pointer,
        first.pointer,
        second.pointer,
        size,
        beta1,
        beta2,
        step,
        correction,
        this.eps,
        this.weightDecay,
      );
    });
  }
}
