// Instances of the core, on a memory of their own or on one that threads share. Each instance on a shared memory has its own copy of the
// static data (tables, and scratch memory of the kernels), as threads must not share it.
import base64, { addresses, sharedFlag } from "lovasz-core";

/** The exports of the core by name. */
export type Kernels = Awaited<ReturnType<typeof import("../../build/release.js")["instantiate"]>>;

/** Where asconfig.json puts the static data, and the bytes reserved for one copy of it. */
export const STATIC_START = 2 ** 23;
export const STATIC_BYTES = 2 ** 18;

export const PAGE = 2 ** 16;
/** The pages of a memory to begin with, as in asconfig.json, and at most. */
export const LEAST_PAGES = 132;
export const MOST_PAGES = 2 ** 16;

let decoded: Uint8Array<ArrayBuffer> | null = null;

// a loop takes a fraction of the time that Uint8Array.from takes with a function, and every start of the package feels it
function decode(): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const binary = new Uint8Array(text.length);
  for (let i = 0; i < binary.length; i++) binary[i] = text.charCodeAt(i);
  return binary;
}

/** The binary for a memory that is shared or not, with its static data `distance` bytes after STATIC_START. */
export function coreBinary(isShared: boolean, distance = 0): Uint8Array<ArrayBuffer> {
  decoded ??= decode();
  const binary = decoded.slice();
  if (!isShared) binary[sharedFlag] &= ~2;
  if (distance !== 0) for (const at of addresses) addAt(binary, at, distance);
  return binary;
}

/** An instance of the core on `memory`. */
export function coreOn(binary: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } }).exports as unknown as Kernels;
}

// adds `bytes` to the 28-bit LEB128 number at offset `at`
function addAt(binary: Uint8Array, at: number, bytes: number): void {
  let value = bytes;
  for (let i = 0; i < 4; i++) value += (binary[at + i] & 127) << (7 * i);
  for (let i = 0; i < 4; i++) binary[at + i] = ((value >> (7 * i)) & 127) | (i < 3 ? 128 : 0);
}
