// Starts a worker: of worker_threads in Node, a Web Worker elsewhere. Says when it has died, too.
import { build } from "lovasz-core";
import type { Reply, Request, Summons } from "./protocol.js";

/** A running worker. */
export interface Channel {
  post: (request: Request | Summons) => void;
  /** Keeps the process alive for it, or not. No effect in a browser. */
  hold: (busy: boolean) => void;
  /** Ends it; `died` is not called. */
  end: () => Promise<void>;
}

export interface Listener {
  replied: (reply: Reply) => void;
  died: (why: string) => void;
}

/** How long a start may take. */
export interface StartOptions {
  /** Aborts the start, and ends the worker. */
  signal: AbortSignal;
  /** Seconds for each answer of the worker. Default 20. */
  limit?: number;
}

/** A worker that has loaded `script`, by default the one beside this file. Rejects with an Error that says why, once the worker has ended. */
export function spawn(script: string | URL | undefined, listener: Listener, options: StartOptions): Promise<Channel> {
  return typeof Worker === "function" ? spawnWeb(script, listener, options) : spawnNode(script, listener, options);
}

type Word = "loaded" | "ready";

const SECOND = 1000;

/** What a worker says, and whether it lives, from its start on. */
class Events {
  readonly #listener: Listener;
  readonly #signal: AbortSignal;
  readonly #limit: number;
  readonly #said = new Set<Word>();
  #failure: string | null = null;
  #isOver = false;
  #wake = () => {};

  constructor(listener: Listener, { signal, limit = 20 }: StartOptions) {
    this.#listener = listener;
    this.#signal = signal;
    this.#limit = limit;
  }

  onMessage(message: Reply | string): void {
    if (typeof message !== "string") {
      if (!this.#isOver) this.#listener.replied(message);
      return;
    }
    const [word, from] = message.split(" ");
    // such a script would call other kernels than it is asked for
    if (word === "loaded" && from !== build) this.#failure ??= "its script is of another version of this package";
    this.#said.add(word as Word);
    this.#wake();
  }

  onDeath(why: string): void {
    this.#failure ??= why;
    this.#wake();
    if (!this.#isOver) this.#listener.died(why);
    this.#isOver = true;
  }

  stop(): void {
    this.#isOver = true;
  }

  /** Resolves once the worker has said `word`; rejects if it dies before, says nothing for too long, or the start is aborted. */
  async until(word: Word): Promise<void> {
    // Seconds are counted one by one: a second in which this thread was busy counts as one, however long it took, and then the messages
    // that wait are heard. The last second is short, and only for such messages.
    for (let seconds = 0; this.#failure !== null || !this.#said.has(word); ) {
      if (this.#failure !== null) throw new Error(this.#failure);
      if (this.#signal.aborted) throw new Error("it is wanted no more");
      if (seconds > this.#limit) throw new Error(`its script did not say "${word}" within ${this.#limit} s`);
      if (await this.#wait(seconds < this.#limit ? SECOND : SECOND / 20)) seconds += 1;
    }
  }

  // whether this time passed without news
  #wait(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
      this.#signal.onabort = this.#wake;
    });
  }
}

// not a literal, so that bundlers for browsers neither look for it nor copy the script twice
const NODE = { threads: "node:worker_threads", script: "./worker.js" };

async function spawnNode(script: string | URL | undefined, listener: Listener, options: StartOptions): Promise<Channel> {
  const threads = (await import(/* webpackIgnore: true */ /* @vite-ignore */ NODE.threads)) as typeof import("node:worker_threads");
  // flags of the process, such as --input-type, may forbid a script
  const worker = new threads.Worker(new URL(script ?? NODE.script, import.meta.url), { execArgv: [] });
  const events = new Events(listener, options);
  worker.on("message", (message) => events.onMessage(message));
  let why = "its script ended";
  worker.on("error", (error) => {
    why = error.message;
  });
  worker.on("exit", (code) => events.onDeath(`${why} (exit code ${code})`));
  try {
    await events.until("loaded");
  } catch (error) {
    events.stop();
    await worker.terminate();
    throw error;
  }
  worker.unref();
  return {
    post: (request) => worker.postMessage(request),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    end: async () => {
      events.stop();
      await worker.terminate();
    },
  };
}

async function spawnWeb(script: string | URL | undefined, listener: Listener, options: StartOptions): Promise<Channel> {
  const worker =
    script === undefined ? new Worker(new URL("./worker.js", import.meta.url), { type: "module" }) : new Worker(script, { type: "module" });
  const events = new Events(listener, options);
  worker.onmessage = ({ data }) => events.onMessage(data);
  worker.onerror = (event) => {
    event.preventDefault?.();
    worker.terminate();
    events.onDeath(event.message ?? "its script could not be loaded");
  };
  try {
    await events.until("loaded");
    await watch(worker, events);
  } catch (error) {
    events.stop();
    worker.terminate();
    throw error;
  }
  return {
    post: (request) => worker.postMessage(request),
    hold: () => {},
    end: async () => {
      events.stop();
      worker.terminate();
    },
  };
}

let workers = 0;

/** A page is not told when a worker dies, but it is given the lock that the worker held. */
async function watch(worker: Worker, events: Events): Promise<void> {
  // only secure contexts have locks
  if (!globalThis.navigator?.locks) return;
  workers += 1;
  const lock = `lovasz worker ${workers} ${Math.random()}`;
  worker.postMessage({ lock });
  await events.until("ready");
  void navigator.locks.request(lock, () => events.onDeath("it was terminated"));
}
