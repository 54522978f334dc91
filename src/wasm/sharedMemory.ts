// Memory that the cores of several threads share, as the thread sees it that owns it and lends it out in blocks.
import { LovaszError } from "../errors.js";

/** Whether threads can see the same memory here. */
export const canShare = (): boolean =>
  typeof SharedArrayBuffer === "function" && (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;

/** Room for the static data of one core, which takes a third of it. */
export const STATIC_BYTES = 2 ** 14;

const PAGE = 2 ** 16;
// what asconfig.json says of the shared binary: static data from 2 MiB on, here of at most 256 cores
const START = 2 ** 21 + 256 * STATIC_BYTES;
const MOST_PAGES = 2 ** 16;

/** A piece of the memory, from `start` to before `end`, in bytes. */
export interface Block {
  start: number;
  end: number;
}

// one that nobody uses is kept: each reserves 8 GiB of addresses, which the garbage collector knows nothing of
let spare: SharedMemory | null = null;
const KEPT_BYTES = 2 ** 28;

/** A memory, and who has which of it. It grows as needed and never shrinks. */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  // in order
  readonly #taken: Block[] = [];

  /** A memory for one owner. Throws a RangeError where the address space cannot be had. */
  static open(): SharedMemory {
    const open = spare ?? new SharedMemory();
    spare = null;
    return open;
  }

  /** Ends its use. No core may be at work on it. */
  close(): void {
    this.#taken.length = 0;
    if (this.memory.buffer.byteLength <= KEPT_BYTES) spare = this;
  }

  private constructor() {
    this.memory = new WebAssembly.Memory({ initial: START / PAGE, maximum: MOST_PAGES, shared: true });
  }

  /** A block of so many bytes, 64-byte aligned: the first gap that is large enough. Throws `LovaszError` "memory". */
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

  /** Takes back what `take` gave. */
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
