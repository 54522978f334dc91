import { type Call, type KernelName, parallel, type Work } from "../wasm/parallel.js";

/** The first item that the kernel finds; `work.count` where there is none. Of the items of a call, it returns the first, or their number. */
export function firstFound<Name extends KernelName>(
  kernel: Name,
  work: Work,
  argumentsOf: (from: number, count: number) => Call<Name>,
): number {
  const parts: [from: number, count: number][] = [];
  const found = parallel(kernel, work, (from, count) => {
    parts.push([from, count]);
    return argumentsOf(from, count);
  });
  const part = parts.findIndex(([, count], i) => found[i] >>> 0 < count);
  return part < 0 ? work.count : parts[part][0] + (found[part] >>> 0);
}
