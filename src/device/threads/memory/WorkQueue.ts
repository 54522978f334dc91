// A queue of numbered items of work in memory that the workers share: each worker takes the next item, without a message, until none
// is left. An item counts as done only once it is finished, so that what a worker had taken when it died is done by another.

// i32: the next item to take; how many items may be taken; and from DONE on, for each item, whether it is done
const [NEXT, READY, DONE] = [0, 1, 2];

/** The queue of `count` items that lies at `offset` of the memory. */
export class WorkQueue {
  readonly #count: number;
  readonly #state: Int32Array<SharedArrayBuffer>;

  constructor(memory: WebAssembly.Memory, offset: number, count: number) {
    this.#count = count;
    this.#state = new Int32Array(memory.buffer as unknown as SharedArrayBuffer, offset, DONE + count);
  }

  /** The bytes that a queue of `count` items takes. */
  static bytes(count: number): number {
    return 4 * (DONE + count);
  }

  /** Starts the queue: no item is taken, and the first `ready` may be. */
  reset(ready: number): void {
    this.#state.fill(0);
    this.release(ready);
  }

  /** Lets workers take the first `ready` items from now on. */
  release(ready: number): void {
    Atomics.store(this.#state, READY, ready);
    Atomics.notify(this.#state, READY);
  }

  /** The next item, or -1 if none is left. Waits until the item is released, which only a worker may do. */
  take(): number {
    for (;;) {
      const item = Atomics.add(this.#state, NEXT, 1);
      if (item >= this.#count) return -1;
      for (let ready = Atomics.load(this.#state, READY); ready <= item; ready = Atomics.load(this.#state, READY)) {
        Atomics.wait(this.#state, READY, ready);
      }
      if (!Atomics.load(this.#state, DONE + item)) return item;
    }
  }

  /** Marks an item that was taken as done. */
  finish(item: number): void {
    Atomics.store(this.#state, DONE + item, 1);
  }

  /** Does `work` for each item that this thread gets, and tells `onDone` of it. */
  drain(work: (item: number) => void, onDone?: (item: number) => void): void {
    for (let item = this.take(); item >= 0; item = this.take()) {
      work(item);
      this.finish(item);
      onDone?.(item);
    }
  }

  /**
   * Whether some items are not done, as where a worker died; lets workers take these again. To be called when all workers have
   * left the queue.
   */
  requeueUnfinished(): boolean {
    if (!this.#state.subarray(DONE).includes(0)) return false;
    Atomics.store(this.#state, NEXT, 0);
    return true;
  }
}
