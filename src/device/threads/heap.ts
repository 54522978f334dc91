// Memory for what calls hand to the workers: shared where that may be, and then used again by later calls.
import { LovaszError } from "../../errors.js";

type Values = Float32Array | Float64Array | Int32Array | Uint8Array | Uint8ClampedArray;

// what is kept for later calls
const KEPT_BYTES = 2 ** 28;

/** Hands out arrays for one call at a time. */
export class Heap {
  readonly shared: boolean;
  #free: SharedArrayBuffer[] = [];

  constructor(shared: boolean) {
    this.shared = shared;
  }

  /** Runs `use` with a lender of memory, and takes back what it lent when the promise of `use` settles. */
  async lend<T>(use: (lender: Lender) => Promise<T>): Promise<T> {
    const lent: SharedArrayBuffer[] = [];
    const lender = new Lender(this.shared, (bytes) => {
      const buffer = this.#take(bytes);
      lent.push(buffer);
      return buffer;
    });
    try {
      return await use(lender);
    } finally {
      this.#free.push(...lent);
      this.#trim();
    }
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

  // the oldest go first
  #trim(): void {
    let bytes = this.#free.reduce((sum, buffer) => sum + buffer.byteLength, 0);
    while (bytes > KEPT_BYTES) bytes -= this.#free.shift()?.byteLength ?? bytes;
  }
}

/** What one call may take. */
export class Lender {
  readonly shared: boolean;
  #take: (bytes: number) => SharedArrayBuffer;

  constructor(shared: boolean, take: (bytes: number) => SharedArrayBuffer) {
    this.shared = shared;
    this.#take = take;
  }

  /** `count` floats to write into, not cleared; null where memory is not shared. */
  space(count: number): Float32Array | null {
    return this.shared ? new Float32Array(this.#take(4 * count)) : null;
  }

  /** A copy of `values` that no one else changes. */
  copy<T extends Values>(values: T): T {
    if (!this.shared) return values.slice() as T;
    const Kind = values.constructor as new (buffer: SharedArrayBuffer) => T;
    const copy = new Kind(this.#take(values.byteLength));
    copy.set(values);
    return copy;
  }
}
