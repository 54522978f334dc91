// Times several functions side by side. Every round calls each of them once, so that other load on the machine affects all alike.
// A short call is preceded by one that is not timed, because the function before it has filled the caches.

/** What is timed: a function, which may return a promise; or the milliseconds of one call, measured elsewhere. */
export type Entry = (() => unknown) | { milliseconds(): Promise<number> };

/** The times of one function. */
export interface Summary {
  /** Milliseconds of one call. */
  median: number;
  /** Half the interquartile range, as a share of the median. */
  spread: number;
}

export interface CompareOptions {
  /** How many rounds are timed. Default 15. */
  rounds?: number;
  /** How many calls of each warm it up. Default 3. */
  warm?: number;
  /** Calls are repeated within a round until they take this many milliseconds together. Default 2. */
  least?: number;
}

// milliseconds; cold caches hardly slow longer calls
const SHORT = 100;

/** Times `entries` and returns how long one call of each takes, under the same names; null entries are left out. */
export async function compare<Name extends string>(
  entries: Record<Name, Entry | null>,
  { rounds = 15, warm = 3, least = 2 }: CompareOptions = {},
): Promise<Record<Name, Summary>> {
  const timed = (Object.entries(entries) as [Name, Entry | null][]).flatMap(([name, entry]) => (entry ? [{ name, entry }] : []));
  const tasks: { name: Name; entry: Entry; repeats: number; short: boolean; times: number[] }[] = [];
  for (const { name, entry } of timed) {
    let fastest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < Math.max(warm, 1); i++) fastest = Math.min(fastest, await once(entry, 1));
    const repeats = Math.max(1, Math.min(1000, Math.ceil(least / Math.max(fastest, 1e-3))));
    tasks.push({ name, entry, repeats, short: fastest < SHORT, times: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { entry, repeats, short, times } of tasks) {
      if (short) await once(entry, 1);
      times.push(await once(entry, repeats));
    }
  }
  return Object.fromEntries(tasks.map(({ name, times }) => [name, summary(times)])) as Record<Name, Summary>;
}

/** The median of `values` and half their interquartile range as a share of it. */
export function summary(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const rank = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
    return below + (above - below) * (rank - Math.floor(rank));
  };
  const median = at(0.5);
  return { median, spread: (at(0.75) - at(0.25)) / 2 / median };
}

/** "1.23 ms" and the like, for tables. */
export const milliseconds = (time: number) => `${time < 0.1 ? time.toFixed(4) : time < 10 ? time.toFixed(2) : time.toFixed(1)} ms`;

/** "12.3 ns", the time of one of `count` items, for tables. */
export const nanoseconds = (time: number, count: number) => `${((1e6 * time) / count).toFixed(1)} ns`;

/** "± 3 %", for tables. */
export const plusMinus = (share: number) => `± ${Math.round(100 * share)} %`;

async function once(entry: Entry, repeats: number): Promise<number> {
  if (typeof entry !== "function") return entry.milliseconds();
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const pending = entry();
    if (pending instanceof Promise) await pending;
  }
  return (performance.now() - start) / repeats;
}
