// Numbered pieces of work that workers take in turns, in memory that they share.

// i32: the next piece to take, how many may be taken, and from the last place on, of each whether it is done
const [NEXT, READY, DONE] = [0, 1, 2];

/** `count` pieces, at a place in the memory. */
export class Turns {
  readonly #count: number;
  readonly #cells: Int32Array<SharedArrayBuffer>;

  constructor(memory: WebAssembly.Memory, place: number, count: number) {
    this.#count = count;
    this.#cells = new Int32Array(memory.buffer as unknown as SharedArrayBuffer, place, DONE + count);
  }

  /** The bytes that so many pieces take. */
  static bytes(count: number): number {
    return 4 * (DONE + count);
  }

  /** None is taken; the first `ready` may be. */
  begin(ready: number): void {
    this.#cells.fill(0);
    this.open(ready);
  }

  /** The first `ready` may be taken from now on. */
  open(ready: number): void {
    Atomics.store(this.#cells, READY, ready);
    Atomics.notify(this.#cells, READY);
  }

  /** A piece that nobody has taken, or -1; waits until it may be taken, as only a worker may. */
  take(): number {
    for (;;) {
      const piece = Atomics.add(this.#cells, NEXT, 1);
      if (piece >= this.#count) return -1;
      for (let ready = Atomics.load(this.#cells, READY); ready <= piece; ready = Atomics.load(this.#cells, READY)) {
        Atomics.wait(this.#cells, READY, ready);
      }
      if (!Atomics.load(this.#cells, DONE + piece)) return piece;
    }
  }

  /** A piece that was taken is done. */
  finish(piece: number): void {
    Atomics.store(this.#cells, DONE + piece, 1);
  }

  /** Whether some were taken, but not done, as by a worker that died; these may be taken again. To be asked when all have ended. */
  again(): boolean {
    if (!this.#cells.subarray(DONE).includes(0)) return false;
    Atomics.store(this.#cells, NEXT, 0);
    return true;
  }
}
