// A fixed number of workers, each in a slot that is never empty for long: see Slot.ts for what happens when a worker dies.
import type { Outcome, Task } from "../protocol.js";
import { Slot, type Team } from "./Slot.js";

export class Pool {
  readonly size: number;
  /** How many workers took over from one that died, and what the last one died of. */
  readonly replaced = { count: 0, last: null as string | null };
  #slots: readonly Slot[] = [];

  private constructor(size: number) {
    this.size = size;
  }

  /** A pool of `size` workers that run `script`. Rejects with `LovaszError` "device" where they cannot be started within `limit` seconds. */
  static async open(size: number, script: string | URL | undefined, limit?: number): Promise<Pool> {
    const pool = new Pool(size);
    const team: Team = { script, limit, hasLoaded: false, replaced: pool.replaced };
    pool.#slots = Array.from({ length: size }, () => new Slot(team));
    try {
      await Promise.all(pool.#slots.map((slot) => slot.fill()));
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  /**
   * Has `task` done by the worker of that index, by default by the one with the fewest tasks; `onDone` is told of each item of the
   * task's queue that is done. Each worker does its tasks in the order given.
   */
  run(task: Task, workerIndex?: number, onDone?: (item: number) => void): Promise<Outcome> {
    const slot = workerIndex === undefined ? this.#slots.reduce((a, b) => (b.load < a.load ? b : a)) : this.#slots[workerIndex % this.size];
    return slot.run(task, onDone);
  }

  /** Ends all workers; tasks that are not done reject. */
  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }
}
