// The core of this thread, ready as soon as this module is loaded. Its memory is its own until `shareMemory` replaces it by a shared one.
import { LovaszError } from "../errors.js";
import { coreBinary, coreOn, type Kernels, LEAST_PAGES, MOST_PAGES, PAGE } from "./core.js";

export type { Kernels } from "./core.js";

function instantiate(): Kernels {
  if (typeof WebAssembly === "undefined") {
    throw refusal("which this JavaScript engine lacks or has switched off; run it without --jitless, or in another engine");
  }
  const binary = coreBinary(false);
  if (!WebAssembly.validate(binary)) {
    const since = "Node 16.4, Chrome 91, Firefox 89 or Safari 16.4, on a processor that has it";
    throw refusal(`with its 128-bit SIMD instructions, which this JavaScript engine lacks; use at least ${since}`);
  }
  try {
    return coreOn(binary, new WebAssembly.Memory({ initial: LEAST_PAGES, maximum: MOST_PAGES }));
  } catch (cause) {
    const cure = "a page's Content-Security-Policy must allow 'wasm-unsafe-eval' in script-src, and a process 9 MiB of memory";
    throw refusal(`which was refused here: ${cause instanceof Error ? cause.message : cause}; ${cure}`, cause);
  }
}

function refusal(why: string, cause?: unknown): LovaszError {
  return new LovaszError("device", `lovasz needs WebAssembly, ${why}`, { cause });
}

/**
 * The exports of `assembly/index.ts`. Pointers and counts come back as signed 32-bit integers: `>>> 0` before use. Another instance takes
 * their place where the memory is replaced, so nobody keeps one of its functions.
 */
export let kernels = instantiate();

/**
 * Moves all that the memory holds, to the same addresses, into a new memory that threads share, and returns it. Threads that still work in
 * the old memory reach nothing of this one. Throws what WebAssembly throws where there is no room for it; then nothing has changed.
 */
export function shareMemory(): WebAssembly.Memory {
  const { memory: before } = kernels;
  const old = new Uint8Array(before.buffer);
  const memory = new WebAssembly.Memory({ initial: old.byteLength / PAGE, maximum: MOST_PAGES, shared: true });
  const core = coreOn(coreBinary(true), memory);
  // sets where the heap lies, the only thing that the core remembers outside of its memory
  core.allocate(0);
  new Uint8Array(memory.buffer).set(old);
  // views of the old memory die, as they do when it grows
  if (before.buffer instanceof ArrayBuffer) before.grow(0);
  kernels = core;
  return memory;
}
