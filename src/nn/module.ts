// The base of all layers and networks: a function of a tensor, with parameters that can be listed, saved and loaded.
import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";
import { brand, isForeign } from "../tensor/foreign.js";
import { sameShape, show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { viewF32 } from "../wasm/memory.js";

/** Copies of the parameters of a network by name, in C order. */
export type StateDict = Record<string, { shape: number[]; data: Float32Array }>;

/**
 * The base class of layers and networks. Its parameters are the tensors in its properties, in arrays there, and in modules there.
 *
 * @example
 * ```js
 * import { nn, ones } from "lovasz";
 *
 * class Scale extends nn.Module {
 *   factor = ones([1], { requiresGrad: true });
 *
 *   forward(input) {
 *     return input.mul(this.factor);
 *   }
 * }
 *
 * const module = new Scale();
 * console.log(Object.keys(module.stateDict()), module.parameters().length); // [ 'factor' ] 1
 * ```
 */
export abstract class Module {
  /** The output for `input`, in the graph. */
  abstract forward(input: Tensor): Tensor;

  /** All tensors to be trained, in a fixed order. */
  parameters(): Tensor[] {
    return [...this.named()].map(([, parameter]) => parameter);
  }

  /** A copy of all parameters by name. Those of a diverged network may be NaN. */
  stateDict(): StateDict {
    return Object.fromEntries([...this.named()].map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]));
  }

  /**
   * Copies the values of `state` to the parameters: all of them, or none if it throws. Throws `LovaszError` "data" if names differ or
   * a value is not a number, "shape" if shapes differ, and "nan" if a number is NaN or exceeds float32: such a network cannot predict.
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
      const faults = [missing.length ? `lacks ${missing.join(", ")}` : "", extra.length ? `has unknown ${extra.join(", ")}` : ""];
      throw new LovaszError("data", `${call}: state ${faults.filter(Boolean).join(" and ")}; it belongs to another network`);
    }
    // everything that can fail comes before the first parameter is written
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

  /** The parameters with their dotted names. @internal */
  *named(prefix = ""): Generator<[string, Tensor]> {
    for (const [key, value] of Object.entries(this)) yield* within(value, prefix + key);
  }
}

// The numbers of the entry for one parameter. Each is read only once, as a getter may return something else the next time.
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
      throw new LovaszError("nan", `${call}: ${name}[${i}] is ${value}, expected finite numbers; the training of this network diverged`);
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
  return new LovaszError("option", `${name} is a ${kind} of another copy of lovasz, which this copy cannot compute with; ${cure}`);
}
