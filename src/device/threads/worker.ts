// The script of a worker: takes tasks, one after another, and answers each. A file of its own in dist/.
import { LovaszError } from "../../errors.js";
import { perform } from "./perform.js";
import type { Outcome, Reply, Request } from "./protocol.js";

interface Port {
  post: (message: unknown, transfer: ArrayBuffer[]) => void;
  listen: (take: (message: Request & { lock?: string }) => void) => void;
}

// bundlers for browsers are not to look for it
const threads = "node:worker_threads";

async function connect(): Promise<Port> {
  if (typeof postMessage === "function") {
    return {
      post: (message, transfer) => postMessage(message, { transfer }),
      listen: (take) => addEventListener("message", ({ data }) => take(data)),
    };
  }
  const { parentPort } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ threads)) as typeof import("node:worker_threads");
  if (!parentPort) throw new Error("this script is for workers; openDevice starts it");
  return {
    post: (message, transfer) => parentPort.postMessage(message, transfer),
    listen: (take) => void parentPort.on("message", take),
  };
}

function answer({ id, task }: Request, report: (reply: Reply) => void): { reply: Reply; transfer: ArrayBuffer[] } {
  try {
    const outcome = perform(task, (piece) => report({ id, piece }));
    return { reply: { id, outcome }, transfer: buffersOf(outcome) };
  } catch (error) {
    const code = error instanceof LovaszError ? error.code : null;
    const message = error instanceof Error ? error.message : String(error);
    return { reply: { id, error: { code, message } }, transfer: [] };
  }
}

function buffersOf({ array }: Outcome): ArrayBuffer[] {
  return array?.buffer instanceof ArrayBuffer ? [array.buffer] : [];
}

void connect().then(({ post, listen }) => {
  listen(({ lock, ...request }) => {
    // held for as long as this worker lives, the lock tells the page when it died
    if (lock !== undefined) {
      void navigator.locks.request(lock, () => {
        post("ready", []);
        return new Promise(() => {});
      });
      return;
    }
    const { reply, transfer } = answer(request, (reply) => post(reply, []));
    post(reply, transfer);
  });
  post("loaded", []);
});
