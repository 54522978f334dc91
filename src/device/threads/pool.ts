// Workers in seats: a seat whose worker died gets another, which begins where the first left off.
import { LovaszError } from "../../errors.js";
import type { Outcome, Reply, Request, Task } from "./protocol.js";
import { type Channel, spawn } from "./spawn.js";

interface Pending extends Request {
  finished: ((piece: number) => void) | undefined;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
  /** Workers that died while doing it. */
  deaths: number;
}

const ended = () => new LovaszError("device", "the device was closed before this call was done");

// a task that kills its worker is not to kill all that come after
const MOST_DEATHS = 2;

// workers in a row that end before they have begun, in a seat
const MOST_STARTS = 5;

/** What the seats of a pool have in common. */
interface Crew {
  readonly script: string | URL | undefined;
  /** Seconds that a worker may take to begin. */
  readonly limit: number | undefined;
  /** Whether the script has ever loaded. */
  hasLoaded: boolean;
  readonly replaced: Pool["replaced"];
}

/** A number of workers that do tasks in the order given, each seat by itself. */
export class Pool {
  readonly size: number;
  /** How many workers took the place of one that died, and of what the last died. */
  readonly replaced = { count: 0, last: null as string | null };
  #seats: Seat[] = [];

  private constructor(size: number) {
    this.size = size;
  }

  /** A pool of `size` workers that run `script`. Rejects with `LovaszError` "device" where they cannot be started within `limit` seconds. */
  static async open(size: number, script: string | URL | undefined, limit?: number): Promise<Pool> {
    const pool = new Pool(size);
    const crew: Crew = { script, limit, hasLoaded: false, replaced: pool.replaced };
    pool.#seats = Array.from({ length: size }, () => new Seat(crew));
    try {
      await Promise.all(pool.#seats.map((seat) => seat.fill()));
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  /** Has `task` done in seat `at`, by default the one with the least to do; `finished` is told of its pieces, where it has some. */
  run(task: Task, at?: number, finished?: (piece: number) => void): Promise<Outcome> {
    const seat = at === undefined ? this.#seats.reduce((a, b) => (b.load < a.load ? b : a)) : this.#seats[at % this.size];
    return seat.run(task, finished);
  }

  /** Ends all workers; tasks that are not done reject. */
  async close(): Promise<void> {
    await Promise.all(this.#seats.map((seat) => seat.close()));
  }
}

class Seat {
  readonly #crew: Crew;
  #channel: Channel | null = null;
  #pending: Pending[] = [];
  #next = 0;
  #filling: Promise<void> | null = null;
  readonly #closing = new AbortController();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  get load(): number {
    return this.#pending.length;
  }

  /** Starts a worker here, and hands it what waits. */
  fill(): Promise<void> {
    this.#filling ??= this.#start().finally(() => {
      this.#filling = null;
    });
    return this.#filling;
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
  }

  // a script that has loaded before will load again
  async #spawn(): Promise<Channel> {
    const listener = { replied: (reply: Reply) => this.#settle(reply), died: (why: string) => this.#bury(why) };
    const { script, limit } = this.#crew;
    const { signal } = this.#closing;
    for (let starts = 1; ; starts++) {
      try {
        return await spawn(script, listener, { signal, limit });
      } catch (cause) {
        if (signal.aborted) throw ended();
        if (!this.#crew.hasLoaded || starts === MOST_STARTS) throw this.#failure(starts, cause);
      }
    }
  }

  #failure(starts: number, cause: unknown): LovaszError {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = this.#crew.hasLoaded
      ? `a worker ended, and so did ${starts} that were started in its place before they could begin, the last because ${why}; see what ends them, then call again`
      : `openDevice("threads"): no worker could be started: ${why}; serve worker.js of this package beside the script that loads it, or pass { worker: its URL }; a policy of the page must allow it (worker-src)`;
    return new LovaszError("device", message, { cause });
  }

  run(task: Task, finished?: (piece: number) => void): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.#closing.signal.aborted) return reject(ended());
      this.#next += 1;
      const request = { id: this.#next, task };
      this.#channel?.post(request);
      this.#channel?.hold(true);
      this.#pending.push({ ...request, finished, resolve, reject, deaths: 0 });
      if (!this.#channel) this.#refill();
    });
  }

  #refill(): void {
    if (!this.#filling) this.fill().catch((error) => this.#fail(error));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const channel = this.#channel;
    this.#channel = null;
    // who waits for a worker that is being started hears of it there
    await Promise.all([channel?.end(), this.#filling?.catch(() => {})]);
    this.#fail(ended());
  }

  #settle(reply: Reply): void {
    const at = this.#pending.findIndex((one) => one.id === reply.id);
    if (at < 0) return;
    if ("piece" in reply) {
      this.#pending[at].finished?.(reply.piece);
      return;
    }
    const [pending] = this.#pending.splice(at, 1);
    if (this.#pending.length === 0) this.#channel?.hold(false);
    if ("outcome" in reply) pending.resolve(reply.outcome);
    else pending.reject(new LovaszError(reply.error.code ?? "device", reply.error.message));
  }

  #bury(why: string): void {
    if (this.#closing.signal.aborted || !this.#channel) return;
    this.#channel = null;
    this.#crew.replaced.count += 1;
    this.#crew.replaced.last = why;
    const [first] = this.#pending;
    if (first) first.deaths += 1;
    if (first?.deaths === MOST_DEATHS) {
      this.#pending.shift();
      first.reject(new LovaszError("device", `${MOST_DEATHS} workers died of this call, the last because ${why}; take a smaller batch`));
    }
    this.#refill();
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#pending.splice(0)) reject(error);
  }
}
