// Starts a worker: of worker_threads in Node, a Web Worker elsewhere.
import { LovaszError } from "../../errors.js";
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

/** A worker that has loaded its `script`, by default the one beside this file. Rejects with `LovaszError` "device". */
export async function spawn(script: string | URL | undefined, listener: Listener): Promise<Channel> {
  try {
    return typeof Worker === "function" ? await spawnWeb(script, listener) : await spawnNode(script, listener);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const cure =
      "serve worker.js of this package beside the script that loads it, or pass { worker: its URL }; a policy of the page must allow it (worker-src)";
    throw new LovaszError("device", `openDevice("threads"): no worker could be started: ${why}; ${cure}`, { cause });
  }
}

/** Settles once a worker has loaded, or failed to; then only `listener` hears of it. */
function starting(listener: Listener) {
  let over = false;
  let settle: { resolve: (value: unknown) => void; reject: (reason: Error) => void };
  const loaded = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  return {
    loaded,
    heard: (message: Reply | "loaded" | "ready") => {
      if (typeof message === "string") settle.resolve(message);
      else if (!over) listener.replied(message);
    },
    lost: (why: string) => {
      settle.reject(new Error(why));
      if (!over) listener.died(why);
      over = true;
    },
    ended: () => {
      over = true;
    },
  };
}

// not a literal, so that bundlers for browsers neither look for it nor copy the script twice
const NODE = { threads: "node:worker_threads", script: "./worker.js" };

async function spawnNode(script: string | URL | undefined, listener: Listener): Promise<Channel> {
  const threads = (await import(/* webpackIgnore: true */ /* @vite-ignore */ NODE.threads)) as typeof import("node:worker_threads");
  // flags of the process, such as --input-type, may forbid a script
  const worker = new threads.Worker(new URL(script ?? NODE.script, import.meta.url), { execArgv: [] });
  const state = starting(listener);
  worker.on("message", state.heard);
  let why = "its script ended";
  worker.on("error", (error) => {
    why = error.message;
  });
  worker.on("exit", (code) => state.lost(`${why} (exit code ${code})`));
  await state.loaded;
  worker.unref();
  return {
    post: (request) => worker.postMessage(request),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    end: async () => {
      state.ended();
      await worker.terminate();
    },
  };
}

async function spawnWeb(script: string | URL | undefined, listener: Listener): Promise<Channel> {
  const worker =
    script === undefined ? new Worker(new URL("./worker.js", import.meta.url), { type: "module" }) : new Worker(script, { type: "module" });
  const state = starting(listener);
  worker.onmessage = ({ data }) => state.heard(data);
  worker.onerror = (event) => {
    event.preventDefault?.();
    worker.terminate();
    state.lost(event.message ?? "its script could not be loaded");
  };
  try {
    await state.loaded;
    await watch(worker, state);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    post: (request) => worker.postMessage(request),
    hold: () => {},
    end: async () => {
      state.ended();
      worker.terminate();
    },
  };
}

let workers = 0;

/** A page is not told when a worker dies, but it gets the lock that the worker held. */
async function watch(worker: Worker, state: ReturnType<typeof starting>): Promise<void> {
  // only secure contexts have locks
  if (!globalThis.navigator?.locks) return;
  workers += 1;
  const lock = `lovasz worker ${workers} ${Math.random()}`;
  const held = new Promise<void>((resolve) => {
    worker.addEventListener("message", ({ data }) => data === "ready" && resolve());
  });
  worker.postMessage({ lock });
  await held;
  void navigator.locks.request(lock, () => state.lost("it was terminated"));
}
