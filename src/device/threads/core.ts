// A worker's own instance of the core for shared memory.
import { type SharedKernels, sharedCore } from "../../wasm/sharedCore.js";

let core: SharedKernels | null = null;

/** The kernels on `memory`, the one memory that a worker ever sees, for the worker in `seat`. */
export function coreOn(memory: WebAssembly.Memory, seat: number): SharedKernels {
  core ??= sharedCore(memory, seat);
  return core;
}
