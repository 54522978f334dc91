// What the optimisers share: parameters, their state tensors, clearing of gradients.
import { LovaszError } from "../errors.js";
import { describe, finite } from "../options.js";
import { untrack } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { zeros } from "../tensor/zeros.js";

/** Base of the optimisers. */
export abstract class Optimizer {
  readonly parameters: readonly Tensor[];
  readonly #call: string;
  #rate = 0;
  #state: Tensor[][] = [];

  constructor(call: string, parameters: readonly Tensor[], lr: number) {
    if (!Array.isArray(parameters) || parameters.length === 0) {
      throw new LovaszError("option", `${call}: parameters is ${describe(parameters)}, expected an array of at least one Tensor`);
    }
    for (const [i, parameter] of parameters.entries()) {
      if (parameter instanceof Tensor) parameter.checkAlive();
      if (parameters.indexOf(parameter) < i) {
        throw new LovaszError("option", `${call}: parameters[${i}] was listed before; each would be moved twice a step`);
      }
      if (parameter instanceof Tensor && parameter.requiresGrad && !parameter.node) continue;
      const came = parameter instanceof Tensor ? "no leaf that asks for a gradient" : describe(parameter);
      throw new LovaszError("option", `${call}: parameters[${i}] is ${came}, expected a Tensor made with { requiresGrad: true }`);
    }
    this.parameters = [...parameters];
    this.#call = call;
    this.lr = lr;
  }

  /** The learning rate, a finite number of at least 0; may be set between steps. */
  get lr(): number {
    return this.#rate;
  }

  set lr(rate: number) {
    this.#rate = finite(this.#call, "lr", rate ?? null, 0, 0);
  }

  /** Moves every parameter that has a gradient; the others stay. */
  abstract step(): void;

  /** Forgets the gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters) {
      parameter.grad?.dispose();
      parameter.grad = null;
    }
  }

  /** Frees the state (momentum); the parameters stay. */
  dispose(): void {
    for (const tensors of this.#state) for (const tensor of tensors ?? []) tensor.dispose();
    this.#state = [];
  }

  /** `count` tensors like parameter `i`, zeros at first. @internal */
  protected state(i: number, count: number): Tensor[] {
    this.#state[i] ??= Array.from({ length: count }, () => {
      const made = zeros(this.parameters[i].shape);
      untrack(made);
      return made;
    });
    return this.#state[i];
  }
}
