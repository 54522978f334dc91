// The worker's own instance of the core for shared memory.
import { type SharedKernels, sharedCore } from "../../../wasm/sharedCore.js";

let core: SharedKernels | null = null;

/** The kernels on `memory`, which is the only memory that a worker ever sees; the index says where its static data lies. */
export function coreOn(memory: WebAssembly.Memory, workerIndex: number): SharedKernels {
  core ??= sharedCore(memory, workerIndex);
  return core;
}
