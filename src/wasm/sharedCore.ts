// The core for memory that threads share: only kernels on pointers, no heap. Each thread has its own instance, and its own copy of the
// static data (tables, and scratch memory of the kernels).
import base64, { addresses } from "lovasz-shared-core";
import { STATIC_BYTES } from "./sharedMemory.js";

/** The exports of assembly/shared.ts. */
export type SharedKernels = Awaited<ReturnType<typeof import("../../build/shared.js")["instantiate"]>>;

/** An instance of the core on `memory` for the thread number `index`. */
export function sharedCore(memory: WebAssembly.Memory, index: number): SharedKernels {
  const binary = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  for (const at of addresses) addAt(binary, at, index * STATIC_BYTES);
  return new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } }).exports as unknown as SharedKernels;
}

// adds `bytes` to the 28-bit LEB128 number at offset `at`
function addAt(binary: Uint8Array, at: number, bytes: number): void {
  let value = bytes;
  for (let i = 0; i < 4; i++) value += (binary[at + i] & 127) << (7 * i);
  for (let i = 0; i < 4; i++) binary[at + i] = ((value >> (7 * i)) & 127) | (i < 3 ? 128 : 0);
}
