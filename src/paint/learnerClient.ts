// The page's side of the learner: starts the worker, and starts another one where it dies or says nothing any more.
import type { Reply, Request } from "./messages.js";
import { faults } from "./strings.js";

/** A question, without the number that its answer refers to. */
type Question = Extract<Request, { ask: number }>;
type WithoutAsk<T> = T extends unknown ? Omit<T, "ask"> : never;
type Answer = Extract<Reply, { ask: number }>;

// milliseconds between two pings, and for how long an answer may take
const PING = 3000;
const PATIENCE = 10_000;
// so many deaths within a minute are not followed by another start
const MOST_DEATHS = 3;
const MINUTE = 60_000;

/** Whom the client tells. */
export interface Listener {
  /** A reply that answers no question. */
  replied(reply: Reply): void;
  /** The worker died. `isLast`: no other is started, as it died too often or never can start. */
  died(why: string, isLast: boolean): void;
  /** What a new worker has to be told. */
  left(): Iterable<Request>;
}

/** What this browser lacks that every worker needs, as src/wasm/instance.ts says in an error; null where the worker died of something else. */
export const lackOf = (why: string): string | null => /lovasz needs WebAssembly, .*/.exec(why)?.[0] ?? null;

/** The worker that learns. */
export class LearnerClient {
  readonly #listener: Listener;
  #worker: Worker | null = null;
  readonly #asked = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  #asks = 0;
  #deaths: number[] = [];
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#start();
    setInterval(() => this.#ping(), PING);
  }

  send(request: Request, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(request, transfer);
  }

  /** Resolves to the answer; rejects with the reason where it could not be done, or the worker died. */
  ask(question: WithoutAsk<Question>): Promise<Answer> {
    const ask = this.#asks++;
    return new Promise((resolve, reject) => {
      if (!this.#worker) return reject(new Error(faults.learner.stopped));
      this.#asked.set(ask, { resolve, reject });
      this.send({ ...question, ask } as Question);
    });
  }

  /** Whether there is no worker any more: too many died, or none can start. */
  get isGone(): boolean {
    return this.#worker === null;
  }

  /** Starts a worker again, where there is none any more. */
  wake(): void {
    if (!this.isGone) return;
    this.#deaths = [];
    this.#start();
    for (const request of this.#listener.left()) this.send(request);
  }

  #start(): void {
    const worker = new Worker(new URL("./learner.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (worker === this.#worker) this.#hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#died(event.message || faults.learner.notLoaded);
    };
    this.#worker = worker;
  }

  #hear(reply: Reply): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    if (reply.type === "dead") this.#died(reply.why);
    else if ("ask" in reply) this.#answer(reply);
    else if (reply.type !== "pong") this.#listener.replied(reply);
  }

  #answer(reply: Answer): void {
    const asked = this.#asked.get(reply.ask);
    this.#asked.delete(reply.ask);
    if (reply.type === "failed") asked?.reject(new Error(reply.why));
    else asked?.resolve(reply);
  }

  #ping(): void {
    if (!this.#worker || this.#patience !== undefined) return;
    this.send({ type: "ping" });
    this.#patience = setTimeout(() => this.#died(faults.learner.silent), PATIENCE);
  }

  #died(why: string): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#asked.values()) reject(new Error(why));
    this.#asked.clear();
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((then) => now - then < MINUTE), now];
    const isLast = lackOf(why) !== null || this.#deaths.length > MOST_DEATHS;
    this.#listener.died(why, isLast);
    if (isLast) return;
    this.#start();
    for (const request of this.#listener.left()) this.send(request);
  }
}
