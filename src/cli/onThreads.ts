// --threads: the cores that training and prediction use.
import { Option } from "commander";
import { LovaszError, setThreads } from "../index.js";
import { wholeNumber } from "./arguments.js";

/** `--threads N`. */
export function threadsOption(): Option {
  return new Option("--threads <n>", "threads to compute on (default: one for each core)").argParser(wholeNumber(1, 32));
}

/**
 * What `work` resolves to, done on `count` threads; without a count, on one for each core, or on one alone where none can be started.
 * Rejects with `LovaszError` "device" where `count` threads cannot be started.
 */
export async function onThreads<T>(count: number | undefined, work: () => Promise<T>): Promise<T> {
  await start(count);
  try {
    return await work();
  } finally {
    await setThreads(1);
  }
}

async function start(count: number | undefined): Promise<void> {
  try {
    await setThreads(count ?? "auto");
  } catch (error) {
    if (count !== undefined || !(error instanceof LovaszError)) throw error;
  }
}
