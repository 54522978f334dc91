// The memory of the core, seen from JavaScript: reference-counted blocks, typed views and scratch memory.
import { LovaszError } from "../errors.js";
import { copyOf, type TypedArray } from "../typedArray.js";
import { kernels } from "./instance.js";

// the largest block that the heap of the core can allocate
const LARGEST = 2 ** 30 - 64;

const live = { tensors: 0, bytes: 0 };

/**
 * The number of live blocks of tensor memory, and their total bytes.
 *
 * @example
 * ```js
 * import { memory, zeros } from "lovasz";
 *
 * const before = memory().bytes;
 * const x = zeros([256]);
 * console.log(memory().bytes - before); // 1024
 * ```
 */
export function memory(): { tensors: number; bytes: number } {
  return { ...live };
}

/** The size of the WebAssembly memory in bytes; it never shrinks. */
export function memorySize(): number {
  return kernels.memory.buffer.byteLength;
}

function allocate(bytes: number): number {
  if (bytes <= LARGEST) {
    try {
      return kernels.allocate(bytes) >>> 0;
    } catch (cause) {
      throw outOfMemory(bytes, cause);
    }
  }
  throw outOfMemory(bytes);
}

function outOfMemory(bytes: number, cause?: unknown): LovaszError {
  return new LovaszError(
    "memory",
    `cannot allocate ${bytes} bytes; ${live.bytes} bytes are in use; dispose() of tensors, use tidy(), or use a smaller batch`,
    { cause },
  );
}

/** A block of memory, shared by all tensors with the same values, and freed when the last of them releases it. */
export class Storage {
  readonly pointer: number;
  readonly bytes: number;
  #references = 1;

  constructor(bytes: number) {
    this.pointer = allocate(bytes);
    this.bytes = bytes;
    live.tensors += 1;
    live.bytes += bytes;
  }

  get shared(): boolean {
    return this.#references > 1;
  }

  retain(): this {
    this.#references += 1;
    return this;
  }

  release(): void {
    this.#references -= 1;
    if (this.#references > 0) return;
    kernels.free(this.pointer);
    live.tensors -= 1;
    live.bytes -= this.bytes;
  }
}

/** Runs `use` with pointers to blocks of the given sizes, then frees them. */
export function scratch<T>(sizes: readonly number[], use: (...pointers: number[]) => T): T {
  const pointers: number[] = [];
  try {
    for (const size of sizes) pointers.push(allocate(size));
    return use(...pointers);
  } finally {
    for (const pointer of pointers) kernels.free(pointer);
  }
}

/** Whether the argument is a view of the core's memory, which the next allocation may detach. */
export function isOwn({ buffer }: ArrayBufferView): boolean {
  return buffer === kernels.memory.buffer;
}

/** Returns `values`, or a copy if they are a view of the core's memory. */
export function settled<T extends TypedArray>(values: T): T {
  return isOwn(values) ? copyOf(values) : values;
}

/** A view is of no use any more once memory has grown or was replaced: use it at once, and never after an allocation or a kernel. */
export const viewF32 = (pointer: number, length: number) => new Float32Array(kernels.memory.buffer, pointer, length);
export const viewF64 = (pointer: number, length: number) => new Float64Array(kernels.memory.buffer, pointer, length);
export const viewI32 = (pointer: number, length: number) => new Int32Array(kernels.memory.buffer, pointer, length);
export const viewU32 = (pointer: number, length: number) => new Uint32Array(kernels.memory.buffer, pointer, length);
export const viewU8 = (pointer: number, length: number) => new Uint8Array(kernels.memory.buffer, pointer, length);

let structs = new DataView(kernels.memory.buffer);

/** A view for structs, made anew where memory has grown: small calls write many of them. */
export function dataView(): DataView {
  if (structs.buffer !== kernels.memory.buffer) structs = new DataView(kernels.memory.buffer);
  return structs;
}
