import type { Tensor } from "../tensor/tensor.js";
import { momentKind, momentStep } from "./moments.js";
import { Optimizer } from "./optimizer.js";

/** Options of `AdamW`. */
export interface AdamWOptions {
  /** The learning rate, from 0 to 1e18. Default 0.001. */
  lr?: number;
  /** The decay rates of the running means of the gradient and of its square. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Added to the denominator, the root of the mean square; at least 1e-20. Default 1e-8. */
  eps?: number;
  /** Each step first multiplies the parameter by 1 - lr * weightDecay; from 0 to 1e18. Default 0.01. */
  weightDecay?: number;
}

const ADAMW = momentKind("AdamW", 0.01);

/**
 * The AdamW optimiser: Adam, but the weights decay by themselves, p *= 1 - lr * weightDecay, and not as a part of the gradient.
 *
 * Source: Loshchilov, Hutter, "Decoupled weight decay regularization" (2019), algorithm 2; as in PyTorch, the learning rate scales the
 * decay.
 *
 * @example
 * ```js
 * import { optim, tensor } from "lovasz";
 *
 * const x = tensor([1, 2], undefined, { requiresGrad: true });
 * const optimizer = new optim.AdamW([x], { lr: 0.1, weightDecay: 0.5 });
 * x.mul(x).sum().backward();
 * optimizer.step();
 * optimizer.zeroGrad();
 * console.log(x.toArray().map((one) => one.toFixed(2))); // [ '0.85', '1.80' ]
 * ```
 */
export class AdamW extends Optimizer<Required<AdamWOptions>> {
  /**
   * Throws `LovaszError` "option".
   * @param parameters - The tensors to train, made with `requiresGrad`, such as `model.parameters()`.
   */
  constructor(parameters: readonly Tensor[], options: AdamWOptions = {}) {
    super(ADAMW, parameters, options);
  }

  /** The decay rates of the running means of the gradient and of its square. */
  get betas(): readonly [number, number] {
    return this.options.betas;
  }

  /** Added to the denominator. */
  get eps(): number {
    return this.options.eps;
  }

  /** How much of each parameter decays, times the learning rate, in a step. */
  get weightDecay(): number {
    return this.options.weightDecay;
  }

  /** Updates every parameter that has a gradient. If it throws, none was updated. */
  step(): void {
    momentStep(() => this.moves(), this.options, { decay: 0, shrink: 1 - this.lr * this.weightDecay });
  }
}
