// Which tensors were made since when: what `tidy` frees.
import { LovaszError } from "../errors.js";
import { callable } from "../options.js";
import { Tensor } from "./tensor.js";

const scopes: Set<Tensor>[] = [];

/** @internal */
export function track(tensor: Tensor): void {
  scopes.at(-1)?.add(tensor);
}

/** Takes `tensor` out of every scope: it lives until it is disposed of. @internal */
export function untrack(tensor: Tensor): void {
  for (const scope of scopes) scope.delete(tensor);
}

/** Runs `fn` and frees the tensors it made, but for those in what it returns (a tensor, or arrays, objects, maps and sets of them). */
export function tidy<T>(fn: () => T): T {
  callable("tidy(fn)", "fn", fn);
  const made = new Set<Tensor>();
  scopes.push(made);
  let result: T | undefined;
  try {
    result = fn();
    if (isPromise(result)) {
      // what fn does later finds its tensors freed: that failure is told here, and must not end the process
      result.then(undefined, () => {});
      throw new LovaszError("option", "tidy(fn): fn returned a promise, but tidy cannot follow what runs later; dispose() by hand");
    }
    return result;
  } finally {
    scopes.pop();
    for (const kept of tensorsIn(result, made)) {
      made.delete(kept);
      track(kept);
    }
    for (const tensor of [...made]) tensor.dispose();
  }
}

/** Whether `value` is to be awaited. @internal */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

function tensorsIn(value: unknown, made: ReadonlySet<Tensor>, found = new Set<unknown>()): Tensor[] {
  if (typeof value !== "object" || value === null || found.has(value)) return [];
  found.add(value);
  if (value instanceof Tensor) return made.has(value) ? [value] : [];
  if (ArrayBuffer.isView(value)) return [];
  const entries = value instanceof Map || value instanceof Set ? [...value.values()] : Object.values(value);
  return entries.flatMap((entry) => tensorsIn(entry, made, found));
}
