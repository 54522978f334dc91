// Which tensors were made since when: what `tidy` frees.
import { LovaszError } from "../errors.js";
import { callable } from "../options.js";
import { isTensor } from "./foreign.js";

/** What a scope needs to know of a tensor. */
interface Tracked {
  dispose(): void;
}

const scopes: Set<Tracked>[] = [];

/** @internal */
export function track(tensor: Tracked): void {
  scopes.at(-1)?.add(tensor);
}

/** Takes `tensor` out of every scope: it lives until it is disposed of. @internal */
export function untrack(tensor: Tracked): void {
  for (const scope of scopes) scope.delete(tensor);
}

/** Runs `fn` and frees the tensors it made, but for those in what it returns (a tensor, or arrays, objects, maps and sets of them). */
export function tidy<T>(fn: () => T): T {
  callable("tidy(fn)", "fn", fn);
  const made = new Set<Tracked>();
  scopes.push(made);
  let kept: Tracked[] = [];
  try {
    const result = fn();
    if (isPromise(result)) {
      // what fn does later finds its tensors freed: that failure is told here, and must not end the process
      result.then(undefined, () => {});
      throw new LovaszError("option", "tidy(fn): fn returned a promise, but tidy cannot follow what runs later; dispose() by hand");
    }
    kept = tensorsIn(result, made);
    return result;
  } finally {
    scopes.pop();
    for (const tensor of kept) {
      made.delete(tensor);
      track(tensor);
    }
    for (const tensor of [...made]) tensor.dispose();
  }
}

/** Whether `value` is to be awaited. @internal */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

// the tensors among `made` in `value`, however deep they lie
function tensorsIn(value: unknown, made: ReadonlySet<Tracked>): Tracked[] {
  const tensors: Tracked[] = [];
  const seen = new Set<unknown>();
  const stack = [value];
  while (stack.length > 0 && tensors.length < made.size) {
    const top = stack.pop();
    if (typeof top !== "object" || top === null || seen.has(top)) continue;
    seen.add(top);
    if (isTensor(top)) {
      if (made.has(top as Tracked)) tensors.push(top as Tracked);
    } else if (!ArrayBuffer.isView(top)) {
      for (const entry of Array.isArray(top) ? top : Object.values(top)) if (typeof entry === "object") stack.push(entry);
      pushEntries(top, stack);
    }
  }
  return tensors;
}

// The keys and values of a Map, the values of a Set: also of one that was made in another window or context, which instanceof does
// not know.
function pushEntries(collection: object, stack: unknown[]): void {
  const kind = Object.prototype.toString.call(collection);
  try {
    if (collection instanceof Map || kind === "[object Map]")
      Map.prototype.forEach.call(collection, (entry, key) => stack.push(key, entry));
    if (collection instanceof Set || kind === "[object Set]") Set.prototype.forEach.call(collection, (entry) => stack.push(entry));
  } catch {
    // only called a Map or a Set
  }
}
