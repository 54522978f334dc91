import { setThreads, threads } from "../../device/setThreads.js";

/** More threads gain nothing for crops of this size. */
const MOST = 4;

/** Uses as many threads as are good for the page, whose main thread is to stay free, and returns how many: 1 where memory cannot be shared. */
export async function startThreads(cores = navigator.hardwareConcurrency): Promise<number> {
  const wanted = Math.max(1, Math.min(MOST, cores - 1));
  try {
    if (globalThis.crossOriginIsolated) await setThreads(wanted);
  } catch {
    // one thread computes the same, only slower
  }
  return threads();
}
