// Some of the workers of a crew, as many as their owner asked for: a device, or the threads of operators.
import { LovaszError } from "../../../errors.js";
import type { Attendance } from "../../../wasm/team.js";
import type { Outcome, Task } from "../protocol.js";
import { type Crew, crewOf } from "./Crew.js";

export class Pool {
  readonly size: number;
  readonly #crew: Crew;
  /** Called before the workers are sent a task: those that attend to jobs must be let go first. */
  onTask = (): void => {};

  private constructor(size: number, crew: Crew) {
    this.size = size;
    this.#crew = crew;
  }

  /**
   * A pool of `size` workers that run `script`, for the user's call `call`. Rejects with `LovaszError` "device" where they cannot be started
   * within `limit` seconds.
   */
  static async open(call: string, size: number, script: string | URL | undefined, limit?: number): Promise<Pool> {
    const crew = crewOf(script, limit);
    const pool = new Pool(size, crew);
    try {
      await crew.join(pool);
    } catch (error) {
      await pool.close();
      if (error instanceof LovaszError) throw new LovaszError(error.code, `${call}: ${error.message}`, { cause: error.cause });
      throw error;
    }
    return pool;
  }

  /** How many workers took over from one that died, and what the last one died of. */
  get replaced() {
    return this.#crew.replaced;
  }

  /**
   * Has `task` done by the worker of that index, by default by the one with the fewest tasks; `onDone` is told of each item of the
   * task's queue that is done. Each worker does its tasks in the order given.
   */
  run(task: Task, workerIndex?: number, onDone?: (item: number) => void): Promise<Outcome> {
    const slots = this.#slots;
    const slot = workerIndex === undefined ? slots.reduce((a, b) => (b.load < a.load ? b : a)) : slots[workerIndex % this.size];
    this.#crew.freeForTasks();
    return slot.run(task, this, onDone);
  }

  /** Has all of its workers attend to the jobs of the calling thread; with null, those that take over from them will not. */
  attend(what: Attendance | null): void {
    for (const slot of this.#slots) slot.attend(what);
  }

  /** Ends all of its workers, wherever they are, and starts others. */
  restart(): void {
    for (const slot of this.#slots) slot.restart();
  }

  /** Ends the workers that nobody else uses; tasks that are not done reject. */
  async close(): Promise<void> {
    await this.#crew.leave(this);
  }

  get #slots() {
    return this.#crew.slots.slice(0, this.size);
  }
}
