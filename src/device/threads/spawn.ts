// Starts a worker: of worker_threads in Node, a Web Worker elsewhere.
import type { Reply, Request } from "./protocol.js";

/** A running worker. */
export interface Channel {
  post: (request: Request) => void;
  /** Whether the process waits for it. Nothing to a browser. */
  hold: (busy: boolean) => void;
  /** Ends it; `died` is not told. */
  end: () => Promise<void>;
}

export interface Listener {
  replied: (reply: Reply) => void;
  died: (why: string) => void;
}

/** How long a start may take. */
export interface StartOptions {
  /** Gives the start up, and ends the worker. */
  signal: AbortSignal;
  /** Seconds for each answer of the worker. Default 20. */
  limit?: number;
}

/** A worker that has loaded its `script`, by default the one beside this file. Rejects, once it has ended, with an Error that says why. */
export function spawn(script: string | URL | undefined, listener: Listener, options: StartOptions): Promise<Channel> {
  return typeof Worker === "function" ? spawnWeb(script, listener, options) : spawnNode(script, listener, options);
}

type Word = "loaded" | "ready";

const SECOND = 1000;

/** What is heard of a worker from its start on. */
class Hearing {
  readonly #listener: Listener;
  readonly #signal: AbortSignal;
  readonly #limit: number;
  readonly #said = new Set<Word>();
  #failure: string | null = null;
  #over = false;
  #wake = () => {};

  constructor(listener: Listener, { signal, limit = 20 }: StartOptions) {
    this.#listener = listener;
    this.#signal = signal;
    this.#limit = limit;
  }

  heard(message: Reply | Word): void {
    if (typeof message !== "string") {
      if (!this.#over) this.#listener.replied(message);
      return;
    }
    this.#said.add(message);
    this.#wake();
  }

  lost(why: string): void {
    this.#failure ??= why;
    this.#wake();
    if (!this.#over) this.#listener.died(why);
    this.#over = true;
  }

  ended(): void {
    this.#over = true;
  }

  /** Resolves once the worker has said `word`; rejects where it died before, was silent for too long, or is wanted no more. */
  async until(word: Word): Promise<void> {
    // Seconds are counted one by one: however long this thread was busy, it counts as one, after which messages that wait are heard.
    // The last is short, and for them alone.
    for (let seconds = 0; !this.#said.has(word); ) {
      if (this.#failure !== null) throw new Error(this.#failure);
      if (this.#signal.aborted) throw new Error("it is wanted no more");
      if (seconds > this.#limit) throw new Error(`its script did not say "${word}" within ${this.#limit} s`);
      if (await this.#rest(seconds < this.#limit ? SECOND : SECOND / 20)) seconds += 1;
    }
  }

  // whether so much time passed without news
  #rest(milliseconds: number): Promise<boolean> {
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
  const hearing = new Hearing(listener, options);
  worker.on("message", (message) => hearing.heard(message));
  let why = "its script ended";
  worker.on("error", (error) => {
    why = error.message;
  });
  worker.on("exit", (code) => hearing.lost(`${why} (exit code ${code})`));
  try {
    await hearing.until("loaded");
  } catch (error) {
    hearing.ended();
    await worker.terminate();
    throw error;
  }
  worker.unref();
  return {
    post: (request) => worker.postMessage(request),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    end: async () => {
      hearing.ended();
      await worker.terminate();
    },
  };
}

async function spawnWeb(script: string | URL | undefined, listener: Listener, options: StartOptions): Promise<Channel> {
  const worker =
    script === undefined ? new Worker(new URL("./worker.js", import.meta.url), { type: "module" }) : new Worker(script, { type: "module" });
  const hearing = new Hearing(listener, options);
  worker.onmessage = ({ data }) => hearing.heard(data);
  worker.onerror = (event) => {
    event.preventDefault?.();
    worker.terminate();
    hearing.lost(event.message ?? "its script could not be loaded");
  };
  try {
    await hearing.until("loaded");
    await watch(worker, hearing);
  } catch (error) {
    hearing.ended();
    worker.terminate();
    throw error;
  }
  return {
    post: (request) => worker.postMessage(request),
    hold: () => {},
    end: async () => {
      hearing.ended();
      worker.terminate();
    },
  };
}

let workers = 0;

/** A page is not told when a worker dies, but it gets the lock that the worker held. */
async function watch(worker: Worker, hearing: Hearing): Promise<void> {
  // only secure contexts have locks
  if (!globalThis.navigator?.locks) return;
  workers += 1;
  const lock = `lovasz worker ${workers} ${Math.random()}`;
  worker.postMessage({ lock });
  await hearing.until("ready");
  void navigator.locks.request(lock, () => hearing.lost("it was terminated"));
}
