// One worker of a crew, and those that take over when it dies. The tasks stay here until they are answered: a worker that dies is
// replaced, and the new one is sent every unanswered task again. A task may be done twice for that reason; the steps in ../steps allow it.
// A task that has killed two workers is given up with an error.
import { LovaszError } from "../../../errors.js";
import type { Attendance } from "../../../wasm/team.js";
import type { Outcome, Reply, Request, Task } from "../protocol.js";
import { type Channel, spawn } from "../spawn.js";

interface Pending extends Request {
  /** Whose task it is. */
  owner: object;
  onDone: ((item: number) => void) | undefined;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
  /** How many workers died while doing it. */
  deaths: number;
}

const poolClosed = () => new LovaszError("device", "the device was closed before this call was done");

// a task that kills its worker must not kill every worker that follows
const MOST_DEATHS = 2;

// how many workers in a row may end before they have begun
const MOST_STARTS = 5;

/** What the slots of a crew have in common. */
export interface Shared {
  readonly script: string | URL | undefined;
  /** Seconds that a worker may take to begin. */
  readonly limit: number | undefined;
  /** Whether the script has ever loaded. */
  hasLoaded: boolean;
  /** How many workers took over from one that died, and what the last one died of. */
  readonly replaced: { count: number; last: string | null };
  /** Lets workers go that attend to jobs. */
  freeForTasks(): void;
}

export class Slot {
  readonly #crew: Shared;
  readonly #index: number;
  #channel: Channel | null = null;
  // the first is what the worker does now
  #pending: Pending[] = [];
  #lastId = 0;
  // what the worker does while it has no task: see src/wasm/team.ts
  #attendance: Attendance | null = null;
  #filling: Promise<void> | null = null;
  // those that were ended to be replaced
  readonly #ending = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(crew: Shared, index: number) {
    this.#crew = crew;
    this.#index = index;
  }

  /** How many tasks are not answered yet. */
  get load(): number {
    return this.#pending.length;
  }

  /** Starts a worker, unless there is one, and sends it the tasks that wait. */
  async fill(): Promise<void> {
    if (this.#channel) return;
    this.#filling ??= this.#start().finally(() => {
      this.#filling = null;
    });
    await this.#filling;
  }

  /** See `Pool.run`. */
  run(task: Task, owner: object, onDone?: (item: number) => void): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.#closing.signal.aborted) return reject(poolClosed());
      this.#lastId += 1;
      const request = { id: this.#lastId, task };
      this.#channel?.post(request);
      this.#channel?.hold(true);
      this.#pending.push({ ...request, owner, onDone, resolve, reject, deaths: 0 });
      if (!this.#channel) this.#refill();
    });
  }

  /** Has the worker attend to the jobs of the calling thread, and starts one where there is none; with null, no worker that takes over from it will. */
  attend(what: Attendance | null): void {
    this.#attendance = what;
    if (this.#channel) this.#postAttendance(this.#channel);
    else if (what) this.#refill();
  }

  /** Ends the worker, as one of those that attend did not finish what it had taken, and starts another, which attends to nothing yet. */
  restart(): void {
    this.#attendance = null;
    const ending = this.#channel?.end();
    if (!ending) return;
    this.#ending.add(ending);
    void ending.then(() => this.#ending.delete(ending));
    this.#replace("it did not finish its share of an operator");
  }

  /** Rejects the tasks of that owner, and resolves once the worker is done with them. */
  async leave(owner: object): Promise<void> {
    const own = this.#pending.filter((one) => one.owner === owner);
    const answers = own.map((one) => {
      one.reject(poolClosed());
      return new Promise<void>((resolve) => {
        one.resolve = () => resolve();
        one.reject = () => resolve();
        one.onDone = undefined;
      });
    });
    await Promise.all(answers);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const channel = this.#channel;
    this.#channel = null;
    // whoever waits for a worker that is being started is told there
    await Promise.all([channel?.end(), this.#filling?.catch(() => {}), ...this.#ending]);
    this.#rejectAll(poolClosed());
  }

  async #start(): Promise<void> {
    const channel = await this.#spawn();
    this.#crew.hasLoaded = true;
    if (this.#closing.signal.aborted) {
      await channel.end();
      return;
    }
    this.#channel = channel;
    channel.hold(this.#pending.length > 0);
    for (const { id, task } of this.#pending) channel.post({ id, task });
    this.#postAttendance(channel);
  }

  #postAttendance(channel: Channel): void {
    if (this.#attendance) channel.post({ attend: { ...this.#attendance, thread: this.#index + 1 } });
  }

  // a script that has loaded before is started again; one that never has is given up at once
  async #spawn(): Promise<Channel> {
    const listener = { replied: (reply: Reply) => this.#onReply(reply), died: (why: string) => this.#onWorkerDeath(why) };
    const { script, limit } = this.#crew;
    const { signal } = this.#closing;
    for (let starts = 1; ; starts++) {
      try {
        return await spawn(script, listener, { signal, limit });
      } catch (cause) {
        if (signal.aborted) throw poolClosed();
        if (!this.#crew.hasLoaded || starts === MOST_STARTS) throw this.#startFailure(starts, cause);
      }
    }
  }

  #startFailure(starts: number, cause: unknown): LovaszError {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = this.#crew.hasLoaded
      ? `a worker ended, and so did ${starts} that were started in its place before they could begin, the last because ${why}; see what ends them, then call again`
      : `no worker could be started: ${why}; serve worker.js of this package beside the script that loads it, or pass { worker: its URL }; a policy of the page must allow it (worker-src)`;
    return new LovaszError("device", message, { cause });
  }

  #refill(): void {
    if (this.#filling) return;
    this.fill().catch((error) => {
      this.#rejectAll(error);
      // the next job calls the workers again, and so has the missing one started
      this.#crew.freeForTasks();
    });
  }

  #onReply(reply: Reply): void {
    const at = this.#pending.findIndex((one) => one.id === reply.id);
    if (at < 0) return;
    if ("done" in reply) {
      this.#pending[at].onDone?.(reply.done);
      return;
    }
    const [pending] = this.#pending.splice(at, 1);
    if (this.#pending.length === 0) this.#channel?.hold(false);
    if ("outcome" in reply) pending.resolve(reply.outcome);
    else pending.reject(new LovaszError(reply.error.code ?? "device", reply.error.message));
  }

  #onWorkerDeath(why: string): void {
    if (this.#closing.signal.aborted || !this.#channel) return;
    // the next job calls the workers again: one that dies whenever it is called is not started without end
    if (this.#attendance) this.#crew.freeForTasks();
    const [current] = this.#pending;
    if (current) current.deaths += 1;
    if (current?.deaths === MOST_DEATHS) {
      this.#pending.shift();
      current.reject(new LovaszError("device", `${MOST_DEATHS} workers died of this call, the last because ${why}; take a smaller batch`));
    }
    this.#replace(why);
  }

  #replace(why: string): void {
    this.#channel = null;
    this.#crew.replaced.count += 1;
    this.#crew.replaced.last = why;
    this.#refill();
  }

  #rejectAll(error: unknown): void {
    for (const { reject } of this.#pending.splice(0)) reject(error);
  }
}
