// Tracks which tensors were made within each `tidy`, which frees them.
import { LovaszError } from "../errors.js";
import { callable } from "../options.js";
import { isTensor } from "./foreign.js";

/** What a scope needs to know of a tensor. */
interface Tracked {
  dispose(): void;
}

const scopes: Set<Tracked>[] = [];

/** Adds `tensor` to the innermost scope. @internal */
export function track(tensor: Tracked): void {
  scopes.at(-1)?.add(tensor);
}

/** Removes `tensor` from every scope, so that it lives until it is disposed of. @internal */
export function untrack(tensor: Tracked): void {
  for (const scope of scopes) scope.delete(tensor);
}

/**
 * Runs `fn` and frees the tensors made within it, except those in its result: a tensor, or arrays, objects, maps and sets of them.
 *
 * @example
 * ```js
 * import { memory, tensor, tidy } from "lovasz";
 *
 * const before = memory().tensors;
 * const total = tidy(() => tensor([1, 2, 3]).mul(2).sum());
 * console.log(total.item(), memory().tensors - before); // 12 1
 * ```
 */
export function tidy<T>(fn: () => T): T {
  callable("tidy(fn)", "fn", fn);
  return scoped(fn, (result, made) => {
    if (isPromise(result)) {
      // fn will fail later, as its tensors are freed: the error below reports it, and the rejection must not end the process
      result.then(undefined, () => {});
      throw new LovaszError(
        "option",
        "tidy(fn): fn returned a promise, but tidy cannot track code that runs later; call dispose() yourself",
      );
    }
    return tensorsIn(result, made);
  });
}

/** Like `tidy`, but keeps everything where `fn` returns a promise, as the code that runs later may need it. @internal */
export function tidyUnlessAsync<T>(fn: () => T): T {
  return scoped(fn, (result, made) => (isPromise(result) ? [...made] : tensorsIn(result, made)));
}

// runs `fn` and frees the tensors made within it, except those that `keep` returns
function scoped<T>(fn: () => T, keep: (result: T, made: ReadonlySet<Tracked>) => Tracked[]): T {
  const made = new Set<Tracked>();
  scopes.push(made);
  let kept: Tracked[] = [];
  try {
    const result = fn();
    kept = keep(result, made);
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

/** Whether `value` is a promise. @internal */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

// the tensors of `made` that are in `value`, at any depth
function tensorsIn(value: unknown, made: ReadonlySet<Tracked>): Tracked[] {
  const tensors: Tracked[] = [];
  const seen = new Set<unknown>();
  const stack = [value];
  while (stack.length > 0 && tensors.length < made.size) {
    const entry = stack.pop();
    if (typeof entry !== "object" || entry === null || seen.has(entry)) continue;
    seen.add(entry);
    if (isTensor(entry)) {
      if (made.has(entry as Tracked)) tensors.push(entry as Tracked);
    } else if (!ArrayBuffer.isView(entry)) {
      for (const inner of Array.isArray(entry) ? entry : Object.values(entry)) if (typeof inner === "object") stack.push(inner);
      pushEntries(entry, stack);
    }
  }
  return tensors;
}

// Pushes the keys and values of a Map, or the values of a Set, even of one from another window or context, which instanceof does not
// recognise.
function pushEntries(collection: object, stack: unknown[]): void {
  const kind = Object.prototype.toString.call(collection);
  try {
    if (collection instanceof Map || kind === "[object Map]")
      Map.prototype.forEach.call(collection, (entry, key) => stack.push(key, entry));
    if (collection instanceof Set || kind === "[object Set]") Set.prototype.forEach.call(collection, (entry) => stack.push(entry));
  } catch {
    // a different object that only claims to be a Map or a Set
  }
}
