// Memory for arguments and results that are handed to the workers as arrays: SharedArrayBuffers, where they may be shared, which later
// calls use again; ordinary copies elsewhere.
import { LovaszError } from "../../../errors.js";

type Values = Float32Array | Float64Array | Int32Array | Uint8Array | Uint8ClampedArray;

// how much is kept for later calls
const KEPT_BYTES = 2 ** 28;

export class Heap {
  readonly shared: boolean;
  #free: SharedArrayBuffer[] = [];

  /** `shared`: whether threads can see the same memory here. */
  constructor(shared: boolean) {
    this.shared = shared;
  }

  /** Opens a loan of memory, for one call. */
  lend(): Loan {
    return new Loan(
      this.shared,
      (bytes) => this.#take(bytes),
      (buffers) => this.#takeBack(buffers),
    );
  }

  #take(bytes: number): SharedArrayBuffer {
    const at = this.#free.findIndex((buffer) => buffer.byteLength === bytes);
    if (at >= 0) return this.#free.splice(at, 1)[0];
    try {
      return new SharedArrayBuffer(bytes);
    } catch (cause) {
      throw new LovaszError("memory", `${bytes} bytes to share with the workers cannot be had; take a smaller batch`, { cause });
    }
  }

  // the oldest buffers go first
  #takeBack(buffers: readonly SharedArrayBuffer[]): void {
    this.#free.push(...buffers);
    let bytes = this.#free.reduce((sum, buffer) => sum + buffer.byteLength, 0);
    while (bytes > KEPT_BYTES) bytes -= this.#free.shift()?.byteLength ?? bytes;
  }
}

/** The memory that one call has borrowed. */
export class Loan {
  readonly shared: boolean;
  readonly #take: (bytes: number) => SharedArrayBuffer;
  readonly #giveBack: (buffers: readonly SharedArrayBuffer[]) => void;
  #buffers: SharedArrayBuffer[] = [];

  constructor(shared: boolean, take: (bytes: number) => SharedArrayBuffer, giveBack: (buffers: readonly SharedArrayBuffer[]) => void) {
    this.shared = shared;
    this.#take = take;
    this.#giveBack = giveBack;
  }

  /** `count` floats for workers to write to, not cleared; null where memory is not shared. */
  space(count: number): Float32Array | null {
    return this.shared ? new Float32Array(this.#borrow(4 * count)) : null;
  }

  /** A copy of `values` that nobody else changes. */
  copy<T extends Values>(values: T): T {
    if (!this.shared) return values.slice() as T;
    const Kind = values.constructor as new (buffer: SharedArrayBuffer) => T;
    const copy = new Kind(this.#borrow(values.byteLength));
    copy.set(values);
    return copy;
  }

  /** Ends the loan: later calls may use its memory. */
  end(): void {
    this.#giveBack(this.#buffers);
    this.#buffers = [];
  }

  #borrow(bytes: number): SharedArrayBuffer {
    const buffer = this.#take(bytes);
    this.#buffers.push(buffer);
    return buffer;
  }
}
