// An argument of a loss may be a view of the core's memory (`tensor.data`), which is detached when an allocation makes the memory grow.
import { isPlain } from "../options.js";
import { copyOf, kindOf, type TypedArray } from "../typedArray.js";
import { isOwn } from "../wasm/memory.js";

/** Labels or options with copies of all views of the core's memory; `given` itself if it has none. */
export function outOfCore<T>(given: T): T {
  if (kindOf(given) !== undefined) return isOwn(given as ArrayBufferView) ? (copyOf(given as TypedArray) as T) : given;
  // labels in rows
  if (Array.isArray(given) && kindOf(given[0]) !== undefined) return given.map(outOfCore) as T;
  if (!isPlain(given)) return given;
  const copied = Object.entries(given).filter(([, one]) => outOfCore(one) !== one);
  if (copied.length === 0) return given;
  return { ...(given as object), ...Object.fromEntries(copied.map(([name, one]) => [name, outOfCore(one)])) } as T;
}
