// Reads saved tensors by name, for the states of optimisers and of EMA.
import { LovaszError } from "../errors.js";
import { type StateDict, valuesOf } from "../nn/module.js";
import { describe } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * The numbers of the entries of `given`, in the order of `expected`, whose tensors say the shapes. `name` is that of the argument.
 * Throws `LovaszError` "data" if an entry is missing or unknown, or holds no numbers, "shape" if its shape differs, and "nan" if a number
 * is not finite.
 */
export function readEntries(call: string, name: string, given: unknown, expected: ReadonlyMap<string, Tensor>): Float32Array[] {
  if (typeof given !== "object" || given === null) {
    throw new LovaszError("data", `${call}: ${name} is ${describe(given)}, expected what stateDict() returns`);
  }
  const own = new Map(Object.entries(given as StateDict));
  const missing = [...expected.keys()].filter((key) => !own.has(key));
  const unknown = [...own.keys()].filter((key) => !expected.has(key));
  if (missing.length + unknown.length > 0) {
    const faults = [missing.length ? `lacks ${missing.join(", ")}` : "", unknown.length ? `has unknown ${unknown.join(", ")}` : ""];
    throw new LovaszError("data", `${call}: ${name} ${faults.filter(Boolean).join(" and ")}; it belongs to another network`);
  }
  return [...expected].map(([key, tensor]) => valuesOf(call, key, own.get(key), tensor));
}
