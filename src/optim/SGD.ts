import { finite, knownOptions, MAX_WEIGHT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { Optimizer } from "./optimizer.js";

/** Options of `SGD`. */
export interface SGDOptions {
  /** The learning rate, from 0 to 1e18. */
  lr: number;
  /** The momentum: the factor on the previous velocity, from 0 to 1e18. Default 0. */
  momentum?: number;
  /** L2 regularisation: `weightDecay` times the parameter is added to its gradient; from 0 to 1e18. Default 0. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum: velocity = momentum * velocity + gradient, parameter -= lr * velocity.
 *
 * @example
 * ```js
 * import { optim, tensor } from "lovasz";
 *
 * const x = tensor([1, 2], undefined, { requiresGrad: true });
 * const optimizer = new optim.SGD([x], { lr: 0.1, momentum: 0.9 });
 * x.mul(x).sum().backward();
 * optimizer.step();
 * optimizer.zeroGrad();
 * console.log(x.toArray().map((one) => one.toFixed(2))); // [ '0.80', '1.60' ]
 * ```
 */
export class SGD extends Optimizer {
  /** The factor on the previous velocity. */
  readonly momentum: number;
  /** L2 regularisation. */
  readonly weightDecay: number;

  /**
   * Throws `LovaszError` "option".
   * @param parameters - The tensors to train, made with `requiresGrad`, such as `model.parameters()`.
   */
  constructor(parameters: readonly Tensor[], options: SGDOptions) {
    const call = "new optim.SGD(parameters, options)";
    knownOptions(call, options, ["lr", "momentum", "weightDecay"]);
    const { lr, momentum, weightDecay } = options;
    super(call, parameters, lr);
    this.momentum = finite(call, "momentum", momentum, 0, 0, MAX_WEIGHT);
    this.weightDecay = finite(call, "weightDecay", weightDecay, 0, 0, MAX_WEIGHT);
  }

  /** Updates every parameter that has a gradient. If it throws, none was updated. */
  step(): void {
    for (const { values, gradient, state, size } of this.moves(1)) {
      kernels.sgd_f32(values, gradient, state[0], size, this.lr, this.momentum, this.weightDecay);
    }
  }
}
