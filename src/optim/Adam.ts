import type { Tensor } from "../tensor/tensor.js";
import { momentKind, momentStep } from "./moments.js";
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

const ADAM = momentKind("Adam", 0);

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
export class Adam extends Optimizer<Required<AdamOptions>> {
  /**
   * Throws `LovaszError` "option".
   * @param parameters - The tensors to train, made with `requiresGrad`, such as `model.parameters()`.
   */
  constructor(parameters: readonly Tensor[], options: AdamOptions = {}) {
    super(ADAM, parameters, options);
  }

  /** The decay rates of the running means of the gradient and of its square. */
  get betas(): readonly [number, number] {
    return this.options.betas;
  }

  /** Added to the denominator. */
  get eps(): number {
    return this.options.eps;
  }

  /** L2 regularisation. */
  get weightDecay(): number {
    return this.options.weightDecay;
  }

  /** Updates every parameter that has a gradient. If it throws, none was updated. */
  step(): void {
    momentStep(() => this.moves(), this.options, { decay: this.weightDecay, shrink: 1 });
  }
}
