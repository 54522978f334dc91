// The worker's own instances of the core, on memories that it shares with others.
import { coreBinary, coreOn, type Kernels, STATIC_BYTES, STATIC_START } from "../../../wasm/core.js";

// That of the calling thread and that of a device: more are not kept, as each reserves gigabytes of addresses for as long as it lives.
const MOST = 2;
const cores = new Map<string, Kernels>();

/** The kernels on a memory, which is known by its id. The static data of this worker lies `place` seats after that of the first core. */
export function coreOf({ memory, memoryId }: { memory: WebAssembly.Memory; memoryId: string }, place: number): Kernels {
  const core = cores.get(memoryId) ?? newCore(memory, place * STATIC_BYTES);
  cores.delete(memoryId);
  cores.set(memoryId, core);
  for (const oldest of [...cores.keys()].slice(0, -MOST)) cores.delete(oldest);
  return core;
}

function newCore(memory: WebAssembly.Memory, distance: number): Kernels {
  // the binary sets what is not 0, and takes the rest to be 0: a worker that died may have left something
  new Uint8Array(memory.buffer, STATIC_START + distance, STATIC_BYTES).fill(0);
  return coreOn(coreBinary(true, distance), memory);
}
