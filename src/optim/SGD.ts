import { finite, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { Optimizer } from "./optimizer.js";

/** Options of `SGD`. */
export interface SGDOptions {
  /** Learning rate, at least 0. */
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
    super(call, parameters, options.lr);
    this.momentum = finite(call, "momentum", options.momentum, 0, 0);
    this.weightDecay = finite(call, "weightDecay", options.weightDecay, 0, 0);
  }

  step(): void {
    this.parameters.forEach((parameter, i) => {
      if (!parameter.grad) return;
      const [velocity] = this.state(i, 1);
      const { pointer, grad, size } = parameter;
      kernels.sgd_f32(pointer, grad.pointer, velocity.pointer, size, this.lr, this.momentum, this.weightDecay);
    });
  }
}
