// The base of all layers and networks: a function of a tensor, with parameters that can be listed, saved and loaded.
import { LovaszError } from "../errors.js";
import { describe, flag } from "../options.js";
import { brand, isForeign } from "../tensor/foreign.js";
import { untrack } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { viewF32 } from "../wasm/memory.js";
import { readEntries, type StateDict } from "./stateDict.js";

/**
 * The base class of layers and networks. Its parameters are the tensors in its properties, in arrays there, and in modules there. Tensors
 * that are saved with it but not trained, such as running means, are buffers.
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

  /** Whether layers that act differently in training, such as `Dropout` and `BatchNorm2d`, do so. Default true; see `train` and `eval`. */
  training = true;
  readonly #buffers = new Set<string>();

  /**
   * Sets `training` here and in all modules within, by calling their `train`, and returns this module. Throws `LovaszError` "option".
   * @param mode - Whether to train. Default true.
   */
  train(mode = true): this {
    flag("train(mode)", "mode", mode, true);
    const inner = Object.values(this).flatMap((value) => [...modulesIn(value)]);
    this.training = mode;
    for (const module of inner) module.train(mode);
    return this;
  }

  /** Ends training: `train(false)`, before a network predicts. */
  eval(): this {
    return this.train(false);
  }

  /**
   * Makes `tensor` a buffer: a property `name` of this module that `stateDict` contains and `dispose` frees, but `parameters` leaves out. It
   * outlives every `tidy`. Throws `LovaszError` "option" or "disposed".
   * @param name - Any text without dots, and no property or method of this module.
   * @param tensor - Made without `requiresGrad`.
   */
  registerBuffer(name: string, tensor: Tensor): void {
    const call = "registerBuffer(name, tensor)";
    if (typeof name !== "string" || name === "" || name.includes(".")) {
      throw new LovaszError("option", `${call}: name is ${describe(name)}, expected text without dots, which separate names of modules`);
    }
    const own = this as unknown as Record<string, unknown>;
    if (own[name] !== undefined) {
      throw new LovaszError("option", `${call}: name is ${describe(name)}, which this module has already; choose another`);
    }
    if (!(tensor instanceof Tensor)) throw new LovaszError("option", `${call}: tensor is ${describe(tensor)}, expected a Tensor`);
    tensor.checkAlive();
    if (tensor.requiresGrad) {
      throw new LovaszError(
        "option",
        `${call}: tensor has requiresGrad, but buffers are not trained; pass its detach(), or set a property`,
      );
    }
    untrack(tensor);
    own[name] = tensor;
    this.#buffers.add(name);
  }

  /** All tensors to be trained, in a fixed order; each once, also of a layer that is used twice. */
  parameters(): Tensor[] {
    return [...new Set([...this.named()].filter(([, , isBuffer]) => !isBuffer).map(([, parameter]) => parameter))];
  }

  /** A copy of all parameters and buffers by name: its own first, then those of modules within. Those of a diverged network may be NaN. */
  stateDict(): StateDict {
    return Object.fromEntries([...this.named()].map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]));
  }

  /**
   * Copies the values of `state` to the parameters and buffers: all of them, or none if it throws. Throws `LovaszError` "data" if names
   * differ or a value is not a number, "shape" if shapes differ, and "nan" if a number is NaN or exceeds float32: such a network cannot
   * predict. Entries `num_batches_tracked`, which PyTorch saves, are ignored.
   */
  loadStateDict(state: StateDict): void {
    const call = "loadStateDict(state)";
    const own = [...this.named()];
    // everything that can fail comes before the first tensor is written
    const values = readEntries(call, "state", state, new Map(own.map(([name, tensor]) => [name, tensor])));
    const pointers = own.map(([name, parameter]) => {
      if (parameter.gone)
        throw new LovaszError("disposed", `${call}: ${name}, a tensor of shape ${show(parameter.shape)}, ${parameter.gone}`);
      return parameter.pointer;
    });
    values.forEach((numbers, i) => {
      viewF32(pointers[i], numbers.length).set(numbers);
    });
  }

  /** Frees the parameters and buffers. */
  dispose(): void {
    // all are found before the first is freed
    for (const [, tensor] of [...this.named()]) tensor.dispose();
  }

  /** This module and all within. @internal */
  *modules(): Generator<Module> {
    yield this;
    for (const value of Object.values(this)) for (const module of modulesIn(value)) yield* module.modules();
  }

  /** The parameters and buffers with their dotted names, in the order of PyTorch. @internal */
  *named(prefix = ""): Generator<[name: string, tensor: Tensor, isBuffer: boolean]> {
    const own = Object.entries(this);
    for (const [key, value] of own) if (value instanceof Tensor && !this.#buffers.has(key)) yield [prefix + key, value, false];
    for (const [key, value] of own) if (value instanceof Tensor && this.#buffers.has(key)) yield [prefix + key, value, true];
    for (const [key, value] of own) if (!(value instanceof Tensor)) yield* within(value, prefix + key);
  }
}

brand(Module.prototype, "Module");

function* within(value: unknown, name: string): Generator<[string, Tensor, boolean]> {
  if (value instanceof Tensor) yield [name, value, false];
  else if (value instanceof Module) yield* value.named(`${name}.`);
  else if (Array.isArray(value)) for (const [i, entry] of value.entries()) yield* within(entry, `${name}.${i}`);
  else if (isForeign(value)) throw foreign(name, "Tensor");
  else if (isForeign(value, "Module")) throw foreign(name, "Module");
}

// the outermost modules in `value`
function* modulesIn(value: unknown): Generator<Module> {
  if (value instanceof Module) yield value;
  else if (Array.isArray(value)) for (const entry of value) yield* modulesIn(entry);
  else if (isForeign(value, "Module")) throw foreign("a module within", "Module");
}

function foreign(name: string, kind: string): LovaszError {
  const cure = "import lovasz from one place only, and have one version installed (npm dedupe)";
  return new LovaszError("option", `${name} is a ${kind} of another copy of lovasz, which this copy cannot compute with; ${cure}`);
}
