// What every part of a network is: a function of a tensor with parameters that can be listed, saved and loaded.
import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";
import { brand, isForeign } from "../tensor/foreign.js";
import { sameShape, show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { viewF32 } from "../wasm/memory.js";

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
    const own = [...this.named()];
    const names = new Set(own.map(([name]) => name));
    const missing = [...names].filter((name) => !(name in state));
    const extra = Object.keys(state).filter((name) => !names.has(name));
    if (missing.length + extra.length > 0) {
      const parts = [missing.length ? `lacks ${missing.join(", ")}` : "", extra.length ? `has unknown ${extra.join(", ")}` : ""];
      throw new LovaszError("data", `${call}: state ${parts.filter(Boolean).join(" and ")}; it belongs to another network`);
    }
    // all that can fail comes before the first parameter is written
    const values = own.map(([name, parameter]) => valuesOf(call, name, state[name], parameter));
    const pointers = own.map(([name, parameter]) => {
      if (parameter.gone)
        throw new LovaszError("disposed", `${call}: ${name}, a tensor of shape ${show(parameter.shape)}, ${parameter.gone}`);
      return parameter.pointer;
    });
    values.forEach((numbers, i) => {
      viewF32(pointers[i], numbers.length).set(numbers);
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

// The numbers of an entry of a state that fits `parameter`. Each is read once, as others may change what they gave.
function valuesOf(call: string, name: string, entry: unknown, { shape: expected, size }: Tensor): Float32Array {
  const { shape, data } = (entry ?? {}) as { shape?: unknown; data?: unknown };
  const extents = Array.isArray(shape) ? [...shape] : null;
  if (!extents || !sameShape(extents, expected)) {
    const came = extents ? show(extents) : describe(shape);
    throw new LovaszError("shape", `${call}: ${name} has shape ${came}, expected ${show(expected)} with as many numbers`);
  }
  if (!isList(data) || data.length !== size) {
    throw new LovaszError("shape", `${call}: data of ${name} is ${describe(data)}, expected ${size} numbers for shape ${show(expected)}`);
  }
  const numbers = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const value = data[i];
    if (typeof value !== "number") throw new LovaszError("data", `${call}: ${name} holds ${describe(value)}, expected numbers`);
    numbers[i] = value;
    if (!Number.isFinite(numbers[i])) {
      throw new LovaszError("nan", `${call}: ${name}[${i}] is ${value}, expected finite numbers; the training that made them diverged`);
    }
  }
  return numbers;
}

brand(Module.prototype, "Module");

function* within(value: unknown, name: string): Generator<[string, Tensor]> {
  if (value instanceof Tensor) yield [name, value];
  else if (value instanceof Module) yield* value.named(`${name}.`);
  else if (Array.isArray(value)) for (const [i, entry] of value.entries()) yield* within(entry, `${name}.${i}`);
  else if (isForeign(value)) throw foreign(name, "Tensor");
  else if (isForeign(value, "Module")) throw foreign(name, "Module");
}

function foreign(name: string, kind: string): LovaszError {
  const cure = "import lovasz from one place only, and have one version installed (npm dedupe)";
  return new LovaszError("option", `${name} is a ${kind} of another copy of lovasz, which this one cannot compute with; ${cure}`);
}
