// Tensors saved by name: the states of modules, optimisers and EMA.
import { LovaszError } from "../errors.js";
import { describe, isList, isPlain } from "../options.js";
import { sameShape, show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** Copies of the parameters and buffers of a network by name, in C order. */
export type StateDict = Record<string, { shape: number[]; data: Float32Array }>;

// how many batches the running statistics of PyTorch's batch normalisation have seen
const BATCH_COUNT = "num_batches_tracked";

/**
 * The numbers of the entries of `given`, in the order of `expected`, whose tensors say the shapes. `name` is that of the argument.
 * Throws `LovaszError` "data" if an entry is missing or unknown, or holds no numbers, "shape" if its shape differs, and "nan" if a number
 * is not finite. Entries `num_batches_tracked`, which PyTorch saves, are ignored.
 */
export function readEntries(call: string, name: string, given: unknown, expected: ReadonlyMap<string, Tensor>): Float32Array[] {
  if (typeof given !== "object" || given === null) {
    throw new LovaszError("data", `${call}: ${name} is ${describe(given)}, expected what stateDict() returns`);
  }
  const own = new Map(Object.entries(given as StateDict));
  const missing = [...expected.keys()].filter((key) => !own.has(key));
  const unknown = [...own.keys()].filter((key) => !expected.has(key) && key.split(".").at(-1) !== BATCH_COUNT);
  if (missing.length + unknown.length > 0) {
    const faults = [missing.length ? `lacks ${missing.join(", ")}` : "", unknown.length ? `has unknown ${unknown.join(", ")}` : ""];
    throw new LovaszError("data", `${call}: ${name} ${faults.filter(Boolean).join(" and ")}; it belongs to another network`);
  }
  return [...expected].map(([key, tensor]) => valuesOf(call, key, own.get(key), tensor));
}

// The numbers of the entry for one tensor. Each is read only once, as a getter may return something else the next time.
function valuesOf(call: string, name: string, entry: unknown, { shape: expected, size }: Tensor): Float32Array {
  const { shape, data } = (entry ?? {}) as { shape?: unknown; data?: unknown };
  const extents = Array.isArray(shape) ? [...shape] : null;
  if (!extents || !sameShape(extents, expected)) {
    const came = extents ? show(extents) : describe(shape);
    throw new LovaszError("shape", `${call}: ${name} has shape ${came}, expected ${show(expected)} with as many numbers`);
  }
  if (!isList(data) || data.length !== size) {
    const wanted = `${size} numbers for shape ${show(expected)}${ofJson(data)}`;
    throw new LovaszError("shape", `${call}: data of ${name} is ${describe(data)}, expected ${wanted}`);
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

/** The cure, to be appended to a message, where `data` is what has become of a typed array in JSON; else nothing. */
export function ofJson(data: unknown): string {
  if (!isPlain(data) || !Object.keys(data).every((key, i) => key === String(i))) return "";
  return "; JSON makes objects of typed arrays: write Array.from(data) to JSON";
}
