// The timing of `lovasz bench`, for the benches here; and ratios, for calls of a millisecond and more.
import { setTimeout as sleep } from "node:timers/promises";
import { plusMinus, summary } from "../build/js/cli/bench/timing.js";

export * from "../build/js/cli/bench/timing.js";

// milliseconds; cold caches hardly slow longer calls
const SHORT = 100;

/**
 * The times of each entry, called by turns in `rounds` rounds after `warm` ones; null entries are left out. An entry is a function, which may
 * return a promise, or `{ milliseconds }`, which measures itself. `pause`: milliseconds of sleep before each call. In them, threads that wait for
 * work go to sleep; and a busy machine rarely interrupts what has just slept, such as another process that waited for its turn.
 */
export async function inTurns(entries, { rounds = 11, warm = 2, pause = 1 } = {}) {
  const call = async (entry) => {
    await sleep(pause);
    return once(entry);
  };
  const present = Object.entries(entries).filter(([, entry]) => entry);
  const times = Object.fromEntries(present.map(([name]) => [name, []]));
  for (let round = -warm; round < rounds; round++) {
    for (const [name, entry] of present) {
      let time = await call(entry);
      if (time < SHORT && round >= 0) time = await call(entry);
      if (round >= 0) times[name].push(time);
    }
  }
  return times;
}

/** The median of `times`. */
export const median = (times) => summary(times).median;

/** "0.95 ± 2 %": the median of the ratios within each round, and half their interquartile range. */
export function ratio(times, others) {
  if (times === others) return "1.00";
  const { median, spread } = summary(times.map((time, round) => time / others[round]));
  return `${median.toFixed(median < 9.995 ? 2 : 1)} ${plusMinus(spread)}`;
}

async function once(entry) {
  if (typeof entry !== "function") return entry.milliseconds();
  const start = performance.now();
  await entry();
  return performance.now() - start;
}
