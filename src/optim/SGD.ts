import { finite, knownOptions, MAX_WEIGHT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { Optimizer } from "./optimizer.js";

/** Options of `SGD`. */
export interface SGDOptions {
  /** Learning rate, from 0 to 1e18, as momentum and decay. */
  lr: number;
  /** Share of the last step that goes into the next. Default 0. */
  momentum?: number;
  /** Times the parameter is added to its gradient. Default 0. */
  weightDecay?: number;
}

/** Gradient descent with momentum: velocity = momentum velocity + gradient, parameter -= lr velocity. */
export class SGD extends Optimizer {
  readonly momentum: number;
  readonly weightDecay: number;

  constructor(parameters: readonly Tensor[], options: SGDOptions) {
    const call = "new optim.SGD(parameters, options)";
    knownOptions(call, options, ["lr", "momentum", "weightDecay"]);
    const { lr, momentum, weightDecay } = options;
    super(call, parameters, lr);
    this.momentum = finite(call, "momentum", momentum, 0, 0, MAX_WEIGHT);
    this.weightDecay = finite(call, "weightDecay", weightDecay, 0, 0, MAX_WEIGHT);
  }

  step(): void {
    for (const { values, gradient, state, size } of this.moves(1)) {
      kernels.sgd_f32(values, gradient, state[0], size, this.lr, this.momentum, this.weightDecay);
    }
  }
}
