import { LovaszError } from "../errors.js";

/** Whether `error` says that memory ran out. JavaScript itself says so with a RangeError, as it does of other things. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof RangeError) return /alloc|out of memory|array length/i.test(error.message);
  return error instanceof LovaszError && error.code === "memory";
}

/** `length` zeros for `what` a prediction needs. Throws `LovaszError` "memory", which ends with `cure`. */
export function zerosFor(length: number, what: string, cure: string): Float32Array {
  try {
    return new Float32Array(length);
  } catch (cause) {
    throw new LovaszError("memory", `predict: ${what} take more memory than there is; ${cure}`, { cause });
  }
}
