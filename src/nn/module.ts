// What every part of a network is: a function of a tensor with parameters that can be listed, saved and loaded.
import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";
import { sameShape, show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

/** The values of a network by name: copies, in C order. */
export type StateDict = Record<string, { shape: number[]; data: Float32Array }>;

/** Base of every layer and network. Tensors and modules that it holds as properties (or in arrays) are its parameters. */
export abstract class Module {
  /** The output for `input`, in the graph. */
  abstract forward(input: Tensor): Tensor;

  /** Every tensor to be trained, in a fixed order. */
  parameters(): Tensor[] {
    return [...this.named()].map(([, parameter]) => parameter);
  }

  /** A copy of all parameters, as they are: those of a network that diverged may be NaN. */
  stateDict(): StateDict {
    return Object.fromEntries([...this.named()].map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]));
  }

  /**
   * Takes over the values of `state`: all of them, or none. Throws `LovaszError` "data" where a name does not fit or something is
   * no number, "shape" where a shape does not, and "nan" where a number is NaN or beyond float32: such a network answers nothing.
   */
  loadStateDict(state: StateDict): void {
    const call = "loadStateDict(state)";
    if (typeof state !== "object" || state === null) {
      throw new LovaszError("data", `${call}: state is ${describe(state)}, expected what stateDict() returns`);
    }
    const own = new Map(this.named());
    const missing = [...own.keys()].filter((name) => !(name in state));
    const extra = Object.keys(state).filter((name) => !own.has(name));
    if (missing.length + extra.length > 0) {
      const parts = [missing.length ? `lacks ${missing.join(", ")}` : "", extra.length ? `has unknown ${extra.join(", ")}` : ""];
      throw new LovaszError("data", `${call}: state ${parts.filter(Boolean).join(" and ")}; it belongs to another network`);
    }
    for (const [name, parameter] of own) {
      const { shape, data } = state[name] ?? {};
      if (!Array.isArray(shape) || !sameShape(shape, parameter.shape) || !isList(data) || data.length !== parameter.size) {
        const came = Array.isArray(shape) ? show(shape) : describe(shape);
        throw new LovaszError("shape", `${call}: ${name} has shape ${came}, expected ${show(parameter.shape)} with as many numbers`);
      }
    }
    // through float32 first: what is no number throws before anything is written
    const values = [...own.keys()].map((name) => numbers(call, name, state[name].data));
    [...own.values()].forEach((parameter, i) => {
      parameter.data.set(values[i]);
    });
  }

  /** Frees the parameters. */
  dispose(): void {
    for (const parameter of this.parameters()) parameter.dispose();
  }

  /** Parameters by dotted name. @internal */
  *named(prefix = ""): Generator<[string, Tensor]> {
    for (const [key, value] of Object.entries(this)) yield* within(value, prefix + key);
  }
}

function numbers(call: string, name: string, data: ArrayLike<unknown>): Float32Array {
  return Float32Array.from(data, (value, i) => {
    if (typeof value !== "number") throw new LovaszError("data", `${call}: ${name} holds ${describe(value)}, expected numbers`);
    if (Number.isFinite(Math.fround(value))) return value;
    throw new LovaszError("nan", `${call}: ${name}[${i}] is ${value}, expected finite numbers; the training that made them diverged`);
  });
}

function* within(value: unknown, name: string): Generator<[string, Tensor]> {
  if (value instanceof Tensor) yield [name, value];
  else if (value instanceof Module) yield* value.named(`${name}.`);
  else if (Array.isArray(value)) for (const [i, entry] of value.entries()) yield* within(entry, `${name}.${i}`);
}
