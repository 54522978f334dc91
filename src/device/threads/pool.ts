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

/** A number of workers that do tasks in the order given, each seat by itself. */
export class Pool {
  readonly size: number;
  /** How many workers took the place of one that died, and of what the last died. */
  readonly replaced = { count: 0, last: null as string | null };
  #seats: Seat[] = [];

  private constructor(size: number) {
    this.size = size;
  }

  /** A pool of `size` workers that run `script`. Rejects with `LovaszError` "device" where they cannot be started. */
  static async open(size: number, script: string | URL | undefined): Promise<Pool> {
    const pool = new Pool(size);
    pool.#seats = Array.from({ length: size }, () => new Seat(script, pool.replaced));
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
  readonly #script: string | URL | undefined;
  readonly #replaced: Pool["replaced"];
  #channel: Channel | null = null;
  #pending: Pending[] = [];
  #next = 0;
  #filling = false;
  #closed = false;

  constructor(script: string | URL | undefined, replaced: Pool["replaced"]) {
    this.#script = script;
    this.#replaced = replaced;
  }

  get load(): number {
    return this.#pending.length;
  }

  /** Starts a worker here, and hands it what waits. */
  async fill(): Promise<void> {
    this.#filling = true;
    const listener = { replied: (reply: Reply) => this.#settle(reply), died: (why: string) => this.#bury(why) };
    const channel = await spawn(this.#script, listener).finally(() => {
      this.#filling = false;
    });
    if (this.#closed) {
      await channel.end();
      return;
    }
    this.#channel = channel;
    channel.hold(this.#pending.length > 0);
    for (const { id, task } of this.#pending) channel.post({ id, task });
  }

  run(task: Task, finished?: (piece: number) => void): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(ended());
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
    this.#closed = true;
    const channel = this.#channel;
    this.#channel = null;
    await channel?.end();
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
    if (this.#closed || !this.#channel) return;
    this.#channel = null;
    this.#replaced.count += 1;
    this.#replaced.last = why;
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
