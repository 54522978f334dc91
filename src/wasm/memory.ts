// Memory of the core as JavaScript sees it: reference-counted blocks, typed views, scratch space.
import { LovaszError } from "../errors.js";
import { copyOf, type TypedArray } from "../typedArray.js";
import { kernels } from "./instance.js";

// what the heap of the core can give in one piece
const LARGEST = 2 ** 30 - 64;

const live = { tensors: 0, bytes: 0 };

/** Blocks of tensor memory alive and their bytes. */
export function memory(): { tensors: number; bytes: number } {
  return { ...live };
}

/** Bytes WebAssembly memory has grown to; it never shrinks. */
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
    `${bytes} bytes cannot be had beside the ${live.bytes} in use; dispose() of tensors, use tidy(), or take a smaller batch`,
    { cause },
  );
}

/** A block of memory shared by tensors that show the same values; freed when the last lets go. */
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

/** Whether `values` lie in the core's own memory, which the next allocation may take from under them. */
export function isOwn({ buffer }: ArrayBufferView): boolean {
  return buffer === kernels.memory.buffer;
}

/** `values`, or a copy of them where they lie in the core's own memory. */
export function settled<T extends TypedArray>(values: T): T {
  return isOwn(values) ? copyOf(values) : values;
}

/** Views die when memory grows: take one, use it, forget it before anything allocates. */
export const viewF32 = (pointer: number, length: number) => new Float32Array(kernels.memory.buffer, pointer, length);
export const viewI32 = (pointer: number, length: number) => new Int32Array(kernels.memory.buffer, pointer, length);
export const viewU8 = (pointer: number, length: number) => new Uint8Array(kernels.memory.buffer, pointer, length);
export const dataView = () => new DataView(kernels.memory.buffer);
