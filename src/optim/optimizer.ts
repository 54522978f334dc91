// Shared by the optimisers: their parameters and state, and clearing gradients.
import { LovaszError } from "../errors.js";
import { describe, finite, MAX_WEIGHT } from "../options.js";
import { tidy, untrack } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { zeros } from "../tensor/zeros.js";

/** What a kernel needs to update one parameter. @internal */
export interface Move {
  /** Pointers to its values, to its gradient, and to the state tensors. */
  values: number;
  gradient: number;
  state: readonly number[];
  size: number;
  /** The number of updates of this parameter, including this one. */
  steps: number;
}

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
export abstract class Optimizer {
  /** The tensors to train. */
  readonly parameters: readonly Tensor[];
  readonly #call: string;
  #rate = 0;
  readonly #states = new Map<Tensor, State>();

  /** Checks the parameters. `call` names the caller in messages. */
  constructor(call: string, parameters: readonly Tensor[], lr: number) {
    const own = Array.isArray(parameters) ? [...parameters] : [];
    if (own.length === 0) {
      throw new LovaszError("option", `${call}: parameters is ${describe(parameters)}, expected an array of at least one Tensor`);
    }
    const seen = new Set<unknown>();
    for (const [i, parameter] of own.entries()) {
      checkParameter(call, `parameters[${i}]`, parameter);
      if (seen.has(parameter)) {
        throw new LovaszError("option", `${call}: parameters[${i}] was listed before, so it would be updated twice per step`);
      }
      seen.add(parameter);
    }
    this.parameters = own;
    this.#call = call;
    this.lr = lr;
  }

  /** The learning rate, from 0 to 1e18. It may be changed between steps. */
  get lr(): number {
    return this.#rate;
  }

  set lr(rate: number) {
    this.#rate = finite(this.#call, "lr", rate ?? null, 0, 0, MAX_WEIGHT);
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

  /** Frees the state, such as momentum, but not the parameters. */
  dispose(): void {
    for (const { tensors } of this.#states.values()) for (const tensor of tensors) tensor.dispose();
    this.#states.clear();
  }

  /**
   * Begins a step for all parameters that have a gradient. Each has `count` state tensors of its shape, which start at zero. Everything
   * that can fail happens here; if it throws, no state has changed.
   * @internal
   */
  protected moves(count: number): Move[] {
    const added: [Tensor, State][] = [];
    try {
      const moves = this.parameters.flatMap((parameter, i) => {
        const { grad, size } = parameter;
        if (!grad) return [];
        checkAlive(`parameters[${i}]`, parameter);
        checkAlive(`the grad of parameters[${i}]`, grad);
        const known = this.#states.get(parameter);
        const state = known ?? { tensors: stateOf(parameter, count), steps: 0 };
        if (!known) added.push([parameter, state]);
        return { state, values: parameter.pointer, gradient: grad.pointer, size };
      });
      for (const [parameter, state] of added) this.#states.set(parameter, state);
      return moves.map(({ state, ...move }) => {
        state.steps += 1;
        return { ...move, steps: state.steps, state: state.tensors.map(({ pointer }) => pointer) };
      });
    } catch (error) {
      for (const [, { tensors }] of added) for (const tensor of tensors) tensor.dispose();
      throw error;
    }
  }
}

function checkParameter(call: string, name: string, parameter: unknown): void {
  if (parameter instanceof Tensor) parameter.checkAlive();
  if (parameter instanceof Tensor && parameter.requiresGrad && !parameter.node) return;
  const came = parameter instanceof Tensor ? "an operator's result or has no requiresGrad" : describe(parameter);
  throw new LovaszError("option", `${call}: ${name} is ${came}, expected a Tensor made with { requiresGrad: true }`);
}

function checkAlive(name: string, { gone, shape }: Tensor): void {
  if (gone) throw new LovaszError("disposed", `step(): ${name}, a tensor of shape ${show(shape)}, ${gone}`);
}

function stateOf({ shape }: Tensor, count: number): Tensor[] {
  return tidy(() => Array.from({ length: count }, () => zeros(shape))).map(lasting);
}

// keeps `made` from being freed by a surrounding tidy
function lasting(made: Tensor): Tensor {
  untrack(made);
  return made;
}
