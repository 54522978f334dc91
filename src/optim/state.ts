// The saved state of an optimiser, and how it is read again.
import { LovaszError } from "../errors.js";
import { readEntries, type StateDict } from "../nn/stateDict.js";
import { describe, isPlain } from "../options.js";
import { sameShape, show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Kind } from "./kind.js";

/** What `stateDict()` of an optimiser returns: plain data, which `structuredClone` copies. */
export interface OptimizerState {
  /** The kind of optimiser: `"SGD"`, `"Adam"` or `"AdamW"`. */
  optimizer: string;
  /** Its options by name, with the learning rate of now. */
  options: Record<string, number | readonly number[]>;
  /** The shape of each parameter, and how often it was updated. */
  parameters: { shape: number[]; steps: number }[];
  /**
   * The state of the parameters that were updated, named by index and by PyTorch's name: `"0.momentum_buffer"` for SGD, `"0.exp_avg"` and
   * `"0.exp_avg_sq"` for Adam and AdamW.
   */
  state: StateDict;
}

interface Loaded<Options> {
  options: Options;
  /** How often each parameter was updated. */
  steps: readonly number[];
  /** The state tensors of each parameter. */
  values: readonly (readonly Float32Array[])[];
}

/** Reads a state for an optimiser of `kind` with `parameters`. Throws `LovaszError` "data", "shape" or "nan". */
export function readState<Options>(call: string, state: unknown, kind: Kind<Options>, parameters: readonly Tensor[]): Loaded<Options> {
  if (!isPlain(state)) throw unfit(`${call}: state is ${describe(state)}, expected what stateDict() returns`);
  // each is read once, as a getter may return something else the next time
  const { optimizer, options, parameters: own, state: tensors } = state;
  if (optimizer !== kind.name) {
    throw unfit(`${call}: state.optimizer is ${describe(optimizer)}, expected "${kind.name}"; load it in an optimiser of its own kind`);
  }
  const steps = readSteps(call, own, parameters);
  const expected = new Map<string, Tensor>();
  parameters.forEach((parameter, i) => {
    if (steps[i] > 0) for (const { name } of kind.slots) expected.set(`${i}.${name}`, parameter);
  });
  const flat = readEntries(call, "state.state", tensors, expected);
  [...expected.keys()].forEach((key, k) => {
    const { least } = kind.slots[k % kind.slots.length];
    const bad = flat[k].findIndex((value) => value < least);
    if (bad >= 0) throw unfit(`${call}: ${key}[${bad}] is ${flat[k][bad]}, expected at least ${least}`);
  });
  const values = steps.map((count) => (count > 0 ? flat.splice(0, kind.slots.length) : []));
  return { options: readOptions(call, options, kind), steps, values };
}

function readSteps(call: string, given: unknown, parameters: readonly Tensor[]): number[] {
  const own = Array.isArray(given) ? [...given] : null;
  if (own?.length !== parameters.length) {
    const came = describe(own ?? given);
    throw unfit(`${call}: state.parameters is ${came}, expected ${parameters.length} entries, one for each parameter, in the same order`);
  }
  return parameters.map(({ shape: expected }, i) => {
    const { shape, steps } = (own[i] ?? {}) as { shape?: unknown; steps?: unknown };
    const extents = Array.isArray(shape) ? [...shape] : null;
    if (!extents || !sameShape(extents, expected)) {
      const came = extents ? show(extents) : describe(shape);
      throw new LovaszError("shape", `${call}: state.parameters[${i}] has shape ${came}, expected ${show(expected)}`);
    }
    if (Number.isSafeInteger(steps) && (steps as number) >= 0) return steps as number;
    throw unfit(`${call}: steps of state.parameters[${i}] is ${describe(steps)}, expected an integer of at least 0`);
  });
}

// the options are checked as those of a new optimiser are, but none may be left out
function readOptions<Options>(call: string, given: unknown, kind: Kind<Options>): Options {
  if (!isPlain(given)) throw unfit(`${call}: state.options is ${describe(given)}, expected an object`);
  const own = { ...given };
  try {
    const options = kind.read(`${call}: state.options`, own);
    const missing = Object.keys(options as object).filter((name) => own[name] === undefined);
    if (missing.length === 0) return options;
    throw unfit(`${call}: state.options lacks ${missing.join(", ")}`);
  } catch (cause) {
    throw cause instanceof LovaszError ? unfit(cause.message, cause) : cause;
  }
}

const unfit = (message: string, cause?: unknown) => new LovaszError("data", message, { cause });
