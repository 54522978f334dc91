import { LovaszError } from "../errors.js";

/** Whether `error` says that memory ran out. JavaScript itself says so with a RangeError, as it does of other things. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof RangeError) return /alloc|out of memory/i.test(error.message);
  return error instanceof LovaszError && error.code === "memory";
}
