import { LovaszError } from "../errors.js";
import { describe, finite, knownOptions, MAX_WEIGHT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { dataView, scratch } from "../wasm/memory.js";
import { layout, writeStruct } from "../wasm/struct.js";
import { Optimizer } from "./optimizer.js";

/** Options of `Adam`. */
export interface AdamOptions {
  /** The learning rate, from 0 to 1e18. Default 0.001. */
  lr?: number;
  /** The decay rates of the running means of the gradient and of its square. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Added to the denominator, the root of the mean square; at least 1e-20. Default 1e-8. */
  eps?: number;
  /** L2 regularisation: `weightDecay` times the parameter is added to its gradient; from 0 to 1e18. Default 0. */
  weightDecay?: number;
}

// With a smaller eps, a gradient of 0, or one whose square underflows in float32, would be divided by almost nothing.
const LEAST_EPS = 1e-20;

const isDecay = (beta: unknown) => typeof beta === "number" && beta >= 0 && Math.fround(beta) < 1;

const STEP = layout(
  {},
  {
    beta1: kernels.ADAM_BETA1,
    beta2: kernels.ADAM_BETA2,
    rate: kernels.ADAM_RATE,
    correction: kernels.ADAM_CORRECTION,
    epsilon: kernels.ADAM_EPSILON,
    decay: kernels.ADAM_DECAY,
  },
);

/**
 * The Adam optimiser.
 *
 * Source: Kingma, Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.
 *
 * @example
 * ```js
 * import { optim, tensor } from "lovasz";
 *
 * const x = tensor([1, 2], undefined, { requiresGrad: true });
 * const optimizer = new optim.Adam([x], { lr: 0.1 });
 * x.mul(x).sum().backward();
 * optimizer.step();
 * optimizer.zeroGrad();
 * console.log(x.toArray().map((one) => one.toFixed(2))); // [ '0.90', '1.90' ]
 * ```
 */
export class Adam extends Optimizer {
  /** The decay rates of the running means of the gradient and of its square. */
  readonly betas: readonly [number, number];
  /** Added to the denominator. */
  readonly eps: number;
  /** L2 regularisation. */
  readonly weightDecay: number;

  /**
   * Throws `LovaszError` "option".
   * @param parameters - The tensors to train, made with `requiresGrad`, such as `model.parameters()`.
   */
  constructor(parameters: readonly Tensor[], options: AdamOptions = {}) {
    const call = "new optim.Adam(parameters, options)";
    knownOptions(call, options, ["lr", "betas", "eps", "weightDecay"]);
    const { lr = 0.001, betas = [0.9, 0.999], eps, weightDecay } = options;
    super(call, parameters, lr);
    const own = Array.isArray(betas) ? [...betas] : [];
    if (own.length !== 2 || !own.every(isDecay)) {
      throw new LovaszError("option", `${call}: betas is ${describe(betas)}, expected two numbers from 0 to less than 1 in float32`);
    }
    this.betas = [own[0], own[1]];
    this.eps = finite(call, "eps", eps, 1e-8, LEAST_EPS);
    this.weightDecay = finite(call, "weightDecay", weightDecay, 0, 0, MAX_WEIGHT);
  }

  /** Updates every parameter that has a gradient. If it throws, none was updated. */
  step(): void {
    const { betas, eps: epsilon, weightDecay: decay, lr } = this;
    const [beta1, beta2] = betas;
    scratch([kernels.ADAM_BYTES.value], (pointer) => {
      // steps are counted for each parameter, as one without a gradient is not updated
      for (const { values, gradient, state, size, steps } of this.moves(2)) {
        const [first, second] = state;
        const rate = lr / (1 - beta1 ** steps);
        const correction = 1 / Math.sqrt(1 - beta2 ** steps);
        writeStruct(dataView(), pointer, STEP, { beta1, beta2, rate, correction, epsilon, decay });
        kernels.adam_f32(values, gradient, first, second, size, pointer);
      }
    });
  }
}
