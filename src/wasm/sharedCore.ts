// The core once more, for memory that threads share: kernels on pointers, no heap. Each thread has an instance of its own, whose
// static data (tables, and scratch of the kernels) lies in a place of its own.
import base64, { addresses } from "lovasz-shared-core";
import { STATIC_BYTES } from "./sharedMemory.js";

/** The exports of assembly/shared.ts. */
export type SharedKernels = Awaited<ReturnType<typeof import("../../build/shared.js")["instantiate"]>>;

/** The core of the thread that is number `seat` of those on `memory`. */
export function sharedCore(memory: WebAssembly.Memory, seat: number): SharedKernels {
  const binary = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  for (const at of addresses) move(binary, at, seat * STATIC_BYTES);
  return new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } }).exports as unknown as SharedKernels;
}

// adds `bytes` to the number at `at`, 28 bits in LEB128
function move(binary: Uint8Array, at: number, bytes: number): void {
  let value = bytes;
  for (let i = 0; i < 4; i++) value += (binary[at + i] & 127) << (7 * i);
  for (let i = 0; i < 4; i++) binary[at + i] = ((value >> (7 * i)) & 127) | (i < 3 ? 128 : 0);
}
