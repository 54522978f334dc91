// What a user gives a loss may be a view of the core's memory (`tensor.data`), which dies as soon as an allocation makes that grow.
import { isPlain } from "../options.js";
import { copyOf, kindOf, type TypedArray } from "../typedArray.js";
import { isOwn } from "../wasm/memory.js";

/** `given`, labels or options, with copies of what lies in the core's memory; the same object where nothing does. */
export function outOfCore<T>(given: T): T {
  if (kindOf(given) !== undefined) return isOwn(given as ArrayBufferView) ? (copyOf(given as TypedArray) as T) : given;
  // rows of labels
  if (Array.isArray(given) && kindOf(given[0]) !== undefined) return given.map(outOfCore) as T;
  if (!isPlain(given)) return given;
  const copied = Object.entries(given).filter(([, one]) => outOfCore(one) !== one);
  if (copied.length === 0) return given;
  return { ...(given as object), ...Object.fromEntries(copied.map(([name, one]) => [name, outOfCore(one)])) } as T;
}
