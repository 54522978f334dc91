// Shared by the operators whose results are as many numbers as their inputs, each from those at its place.
import { type Call, type KernelName, parallel } from "../wasm/parallel.js";

/** The names of the kernels that take such arguments. */
export type KernelsOf<A extends readonly unknown[]> = {
  [Name in KernelName]: Call<Name> extends A ? (A extends Call<Name> ? Name : never) : never;
}[KernelName];

/**
 * Calls a kernel for `size` numbers: for those that begin `at` bytes after the first, `n` of them. `cost`: what one takes, in elements that
 * are read or written.
 */
export function elementwise<Name extends KernelName>(
  kernel: Name,
  size: number,
  argumentsOf: (at: number, n: number) => Call<Name>,
  cost = 2,
): void {
  parallel(kernel, { count: size, cost, step: 16 }, (from, n) => argumentsOf(4 * from, n));
}
