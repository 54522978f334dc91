// What the optimisers share: parameters, their state tensors, clearing of gradients.
import { LovaszError } from "../errors.js";
import { describe, finite, MAX_WEIGHT } from "../options.js";
import { tidy, untrack } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { zeros } from "../tensor/zeros.js";

/** A parameter that has a gradient, and what a kernel needs to move it. @internal */
export interface Move {
  /** Pointers to its values, to its gradient, and to the state tensors. */
  values: number;
  gradient: number;
  state: readonly number[];
  size: number;
  /** How many steps it has taken, this one included. */
  steps: number;
}

interface State {
  tensors: readonly Tensor[];
  steps: number;
}

/** Base of the optimisers. */
export abstract class Optimizer {
  readonly parameters: readonly Tensor[];
  readonly #call: string;
  #rate = 0;
  readonly #states = new Map<Tensor, State>();

  constructor(call: string, parameters: readonly Tensor[], lr: number) {
    const own = Array.isArray(parameters) ? [...parameters] : [];
    if (own.length === 0) {
      throw new LovaszError("option", `${call}: parameters is ${describe(parameters)}, expected an array of at least one Tensor`);
    }
    const seen = new Set<unknown>();
    for (const [i, parameter] of own.entries()) {
      checkParameter(call, `parameters[${i}]`, parameter);
      if (seen.has(parameter)) {
        throw new LovaszError("option", `${call}: parameters[${i}] was listed before; each would be moved twice a step`);
      }
      seen.add(parameter);
    }
    this.parameters = own;
    this.#call = call;
    this.lr = lr;
  }

  /** The learning rate, from 0 to 1e18; may be set between steps. */
  get lr(): number {
    return this.#rate;
  }

  set lr(rate: number) {
    this.#rate = finite(this.#call, "lr", rate ?? null, 0, 0, MAX_WEIGHT);
  }

  /** Moves every parameter that has a gradient; the others stay. Where it throws, none has moved. */
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
    for (const { tensors } of this.#states.values()) for (const tensor of tensors) tensor.dispose();
    this.#states.clear();
  }

  /**
   * Begins a step of all parameters that have a gradient, each with `count` state tensors like it, zeros at first. All that can fail
   * is done before this returns, or nothing.
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
      return moves.map(({ state, ...rest }) => {
        state.steps += 1;
        return { ...rest, steps: state.steps, state: state.tensors.map(({ pointer }) => pointer) };
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
  const came = parameter instanceof Tensor ? "no leaf that asks for a gradient" : describe(parameter);
  throw new LovaszError("option", `${call}: ${name} is ${came}, expected a Tensor made with { requiresGrad: true }`);
}

function checkAlive(name: string, { gone, shape }: Tensor): void {
  if (gone) throw new LovaszError("disposed", `step(): ${name}, a tensor of shape ${show(shape)}, ${gone}`);
}

function stateOf({ shape }: Tensor, count: number): Tensor[] {
  return tidy(() => Array.from({ length: count }, () => zeros(shape))).map(lasting);
}

// `made`, which no tidy is to free
function lasting(made: Tensor): Tensor {
  untrack(made);
  return made;
}
