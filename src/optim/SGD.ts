import { finite, knownOptions, MAX_WEIGHT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { checkRate } from "./checks.js";
import type { Kind } from "./kind.js";
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

const MOMENTUM: Kind<Required<SGDOptions>> = {
  name: "SGD",
  slots: [{ name: "momentum_buffer", least: Number.NEGATIVE_INFINITY }],
  read: (call, options: Partial<SGDOptions>) => {
    knownOptions(call, options, ["lr", "momentum", "weightDecay"]);
    const { lr, momentum, weightDecay } = options;
    return {
      lr: checkRate(call, lr),
      momentum: finite(call, "momentum", momentum, 0, 0, MAX_WEIGHT),
      weightDecay: finite(call, "weightDecay", weightDecay, 0, 0, MAX_WEIGHT),
    };
  },
};

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
export class SGD extends Optimizer<Required<SGDOptions>> {
  /**
   * Throws `LovaszError` "option".
   * @param parameters - The tensors to train, made with `requiresGrad`, such as `model.parameters()`.
   */
  constructor(parameters: readonly Tensor[], options: SGDOptions) {
    super(MOMENTUM, parameters, options);
  }

  /** The factor on the previous velocity. */
  get momentum(): number {
    return this.options.momentum;
  }

  /** L2 regularisation. */
  get weightDecay(): number {
    return this.options.weightDecay;
  }

  /** Updates every parameter that has a gradient. If it throws, none was updated. */
  step(): void {
    const { lr, momentum, weightDecay } = this.options;
    for (const { values, gradient, state, size } of this.moves()) {
      kernels.sgd_f32(values, gradient, state[0], size, lr, momentum, weightDecay);
    }
  }
}
