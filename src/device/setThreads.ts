import { LovaszError } from "../errors.js";
import { describe, integer, knownOptions } from "../options.js";
import { shareWith, threadCount } from "../wasm/parallel.js";
import { canShare } from "../wasm/sharedMemory.js";
import { checkDeviceOptions, type ThreadsOptions } from "./options.js";
import type { OpenTeam } from "./threads/openTeam.js";

const MOST = 32;

let current: OpenTeam | null = null;
let last: Promise<void> = Promise.resolve();

/**
 * Has every operator and every loss use `n` threads from now on, forward and backward: the calling one, and n - 1 workers. `"auto"` takes as
 * many as the machine has cores, at most 16; 1, as at the start, ends the workers. Tensors made before stay valid. For a given n, results
 * repeat to the bit; those of another n differ by the rounding of float32, the Lovász losses not at all. Work that takes less than about
 * 0.1 ms stays on the calling thread, and all of it where other programs keep the cores busy.
 *
 * Needs memory that threads can share: in a page, one served with the headers `Cross-Origin-Opener-Policy: same-origin` and
 * `Cross-Origin-Embedder-Policy: require-corp`. There, training belongs into a worker, as the main thread of a page must not sleep while
 * it waits for others.
 *
 * `worker` is the script of the workers, for bundlers that do not find it, as in `openDevice`.
 *
 * Rejects with `LovaszError` "option" for another n; "device" where memory cannot be shared or workers cannot be started, and "memory": then
 * as many threads are used as before.
 *
 * @example
 * ```js
 * import { setThreads, threads } from "lovasz";
 *
 * await setThreads(2);
 * console.log(threads()); // 2
 * await setThreads(1);
 * ```
 */
export function setThreads(n: number | "auto", options: Pick<ThreadsOptions, "worker"> = {}): Promise<void> {
  // one after the other, and a call that fails does not concern the next
  const next = () => change(n, options);
  last = last.then(next, next);
  return last;
}

/**
 * How many threads operators and losses use; see `setThreads`.
 *
 * @example
 * ```js
 * import { threads } from "lovasz";
 *
 * console.log(threads()); // 1
 * ```
 */
export function threads(): number {
  return threadCount();
}

async function change(n: number | "auto", options: Pick<ThreadsOptions, "worker">): Promise<void> {
  const call = "setThreads(n, options)";
  knownOptions(call, options, ["worker"]);
  checkDeviceOptions(call, options);
  if (typeof n === "string" && n !== "auto") throw new LovaszError("option", `${call}: n is ${describe(n)}, expected a number or "auto"`);
  const given = n === "auto" ? n : integer(call, "n", n ?? null, 1, 1, MOST);
  if (given === 1) return end();
  if (!canShare()) throw new LovaszError("device", `${call}: ${UNSHARED}`);
  const { openTeam, coresOf } = await import("./threads/openTeam.js");
  const count = given === "auto" ? Math.min(16, await coresOf()) : given;
  if (count === threadCount()) return;
  if (count === 1) return end();
  const next = await openTeam(count - 1, options.worker?.toString());
  await end();
  current = next;
  shareWith(next.team);
}

async function end(): Promise<void> {
  const ending = current;
  current = null;
  shareWith(null);
  await ending?.close();
}

const UNSHARED =
  "memory cannot be shared here, so one thread is used as before; serve the page with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";
