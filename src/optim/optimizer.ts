// Shared by the optimisers: their parameters, options and state, and clearing gradients.
import { tidy, untrack } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { zeros } from "../tensor/zeros.js";
import { checkAlive, checkParameters, checkRate } from "./checks.js";
import type { Kind, Move } from "./kind.js";
import { type OptimizerState, readState } from "./state.js";

interface State {
  tensors: readonly Tensor[];
  steps: number;
}

/**
 * The base class of the optimisers.
 *
 * @example
 * ```js
 * import { optim, tensor } from "lovasz";
 *
 * const x = tensor([1, 2], undefined, { requiresGrad: true });
 * const optimizer = new optim.SGD([x], { lr: 0.1 });
 * console.log(optimizer instanceof optim.Optimizer, optimizer.lr); // true 0.1
 * ```
 */
export abstract class Optimizer<Options extends { lr: number } = { lr: number }> {
  /** The tensors to train. */
  readonly parameters: readonly Tensor[];
  readonly #kind: Kind<Options>;
  readonly #call: string;
  #options: Options;
  readonly #states = new Map<Tensor, State>();

  /** Checks the arguments. @internal */
  constructor(kind: Kind<Options>, parameters: readonly Tensor[], options: object) {
    this.#kind = kind;
    this.#call = `new optim.${kind.name}(parameters, options)`;
    this.#options = kind.read(this.#call, options);
    this.parameters = checkParameters(this.#call, parameters);
  }

  /** The learning rate, from 0 to 1e18. It may be changed between steps. */
  get lr(): number {
    return this.#options.lr;
  }

  set lr(rate: number) {
    this.#options = { ...this.#options, lr: checkRate(this.#call, rate) };
  }

  /** The options as they are now. @internal */
  protected get options(): Options {
    return this.#options;
  }

  /** Updates every parameter that has a gradient. If it throws, none was updated. */
  abstract step(): void;

  /** Frees the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters) {
      parameter.grad?.dispose();
      parameter.grad = null;
    }
  }

  /**
   * A copy of all that the next steps depend on besides the values of the parameters: the options, and the state of each parameter. With
   * these values and this state, an optimiser of the same kind takes the same steps to the bit.
   */
  stateDict(): OptimizerState {
    const states = this.parameters.map((parameter) => this.#states.get(parameter));
    const entries = states.flatMap((state, i) =>
      (state?.tensors ?? []).map(({ shape, data }, k) => [`${i}.${this.#kind.slots[k].name}`, { shape: [...shape], data: data.slice() }]),
    );
    return {
      optimizer: this.#kind.name,
      options: structuredClone(this.#options as OptimizerState["options"]),
      parameters: this.parameters.map(({ shape }, i) => ({ shape: [...shape], steps: states[i]?.steps ?? 0 })),
      state: Object.fromEntries(entries),
    };
  }

  /**
   * Takes over the options and the state that `stateDict()` of an optimiser of the same kind returned: all of it, or nothing if it
   * throws. The parameters are matched by their order; their values stay as they are. Throws `LovaszError` "data" if something is
   * missing, unknown or of another kind of optimiser, "shape" if shapes differ, and "nan" for numbers that are not finite.
   */
  loadStateDict(state: OptimizerState): void {
    const { options, steps, values } = readState("loadStateDict(state)", state, this.#kind, this.parameters);
    const moved = this.parameters.filter((_, i) => steps[i] > 0);
    // the last that can fail
    this.#begin(moved);
    this.#options = options;
    this.parameters.forEach((parameter, i) => {
      const own = this.#states.get(parameter);
      if (!own) return;
      own.steps = steps[i];
      own.tensors.forEach((tensor, k) => {
        if (steps[i] > 0) tensor.data.set(values[i][k]);
        else tensor.dispose();
      });
      if (steps[i] === 0) this.#states.delete(parameter);
    });
  }

  /** Frees the state, such as momentum, but not the parameters. */
  dispose(): void {
    for (const { tensors } of this.#states.values()) for (const tensor of tensors) tensor.dispose();
    this.#states.clear();
  }

  /**
   * Begins a step for all parameters that have a gradient. Everything that can fail happens here; if it throws, no state has changed.
   * @internal
   */
  protected moves(): Move[] {
    const ready = this.parameters.flatMap((parameter, i) => {
      const { grad, size } = parameter;
      if (!grad) return [];
      checkAlive("step()", `parameters[${i}]`, parameter);
      checkAlive("step()", `the grad of parameters[${i}]`, grad);
      return { parameter, values: parameter.pointer, gradient: grad.pointer, size };
    });
    const states = this.#begin(ready.map(({ parameter }) => parameter));
    return ready.map(({ values, gradient, size }, i) => {
      states[i].steps += 1;
      return { values, gradient, size, steps: states[i].steps, state: states[i].tensors.map(({ pointer }) => pointer) };
    });
  }

  // The states of `parameters`. Those that have none get one of zeros, or none of them if it throws.
  #begin(parameters: readonly Tensor[]): State[] {
    const lacking = parameters.filter((parameter) => !this.#states.has(parameter));
    const made = tidy(() => lacking.map(({ shape }) => this.#kind.slots.map(() => zeros(shape))));
    lacking.forEach((parameter, i) => {
      // a surrounding tidy must not free them
      for (const tensor of made[i]) untrack(tensor);
      this.#states.set(parameter, { tensors: made[i], steps: 0 });
    });
    return parameters.map((parameter) => this.#states.get(parameter) as State);
  }
}
