// The script of a worker: it does one task after another, and answers each. It is bundled into a file of its own, dist/worker.js.
import { build } from "lovasz-core";
import { LovaszError } from "../../errors.js";
import { attend, Job } from "../../wasm/job.js";
import type { Outcome, Reply, Request, Summons } from "./protocol.js";
import { coreOf } from "./steps/core.js";
import { perform } from "./steps/perform.js";

interface Port {
  post: (message: unknown, transfer: ArrayBuffer[]) => void;
  listen: (take: (message: (Request | Summons) & { lock?: string }) => void) => void;
}

// not a literal, so that bundlers for browsers do not look for it
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
    const outcome = perform(task, (item) => report({ id, done: item }));
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
  listen(({ lock, ...message }) => {
    // this worker holds the lock for as long as it lives: the page gets it when the worker dies
    if (lock !== undefined) {
      void navigator.locks.request(lock, () => {
        post("ready", []);
        return new Promise(() => {});
      });
      return;
    }
    if ("attend" in message) {
      const { thread, pointer, attendance } = message.attend;
      attend(new Job(coreOf(message.attend, -thread), pointer, thread), attendance);
      return;
    }
    const { reply, transfer } = answer(message, (reply) => post(reply, []));
    post(reply, transfer);
  });
  post(`loaded ${build}`, []);
});
