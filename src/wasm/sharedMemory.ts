// The memory that the cores of several threads share. One thread owns it and allocates blocks of it.
import { LovaszError } from "../errors.js";
import { MOST_PAGES, PAGE, STATIC_BYTES, STATIC_START } from "./core.js";

/** Whether threads can share memory here. */
export const canShare = (): boolean =>
  typeof SharedArrayBuffer === "function" && (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;

// here follow the static data of up to 256 cores
const START = STATIC_START + 256 * STATIC_BYTES;

/** A block of the memory, from byte `start` up to, but not including, byte `end`. */
export interface Block {
  start: number;
  end: number;
}

// An unused memory is kept for reuse: each reserves 8 GiB of addresses, which the garbage collector does not account for.
let unused: SharedMemory | null = null;
const KEPT_BYTES = 2 ** 28;

let count = 0;

/** A shared memory and its allocated blocks. It grows as needed and never shrinks. */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  /** No two memories have the same. */
  readonly id = `calls ${++count}`;
  // in ascending order
  readonly #taken: Block[] = [];

  /** Opens a memory for one owner. Throws a RangeError if there is no address space left. */
  static open(): SharedMemory {
    const open = unused ?? new SharedMemory();
    unused = null;
    return open;
  }

  /** Ends its use. No core may still be working on it. */
  close(): void {
    this.#taken.length = 0;
    if (this.memory.buffer.byteLength <= KEPT_BYTES) unused = this;
  }

  private constructor() {
    this.memory = new WebAssembly.Memory({ initial: START / PAGE, maximum: MOST_PAGES, shared: true });
  }

  /** Allocates a block of `bytes` bytes, 64-byte aligned, in the first gap that is large enough. Throws `LovaszError` "memory". */
  take(bytes: number): Block {
    const size = 64 * Math.ceil(bytes / 64);
    let start = START;
    let at = 0;
    while (at < this.#taken.length && this.#taken[at].start - start < size) {
      start = this.#taken[at].end;
      at += 1;
    }
    const block = { start, end: start + size };
    this.#grow(block.end);
    this.#taken.splice(at, 0, block);
    return block;
  }

  /** Frees a block from `take`. */
  give(block: Block): void {
    const at = this.#taken.indexOf(block);
    if (at >= 0) this.#taken.splice(at, 1);
  }

  #grow(bytes: number): void {
    const pages = Math.ceil((bytes - this.memory.buffer.byteLength) / PAGE);
    if (pages <= 0) return;
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw new LovaszError("memory", `${bytes} bytes to share with the workers cannot be had; take a smaller batch`, { cause });
    }
  }
}
