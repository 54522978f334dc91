// How long things take, side by side: every entry runs once a round, in turn, so that what else the machine does falls on all.

/**
 * Times `entries` ({ name: function }) and returns, under the same names, `{ median, spread }`: milliseconds of one call, and
 * half the distance between the quartiles as a share of the median. `rounds` are timed after `warm` that are not. A function
 * may return a promise. A call shorter than `least` milliseconds is repeated within its round until that is reached. What is
 * timed elsewhere is an entry `{ milliseconds }`, a function that promises the time of one call; null entries are left out.
 */
export async function compare(entries, { rounds = 15, warm = 3, least = 2 } = {}) {
  const names = Object.keys(entries).filter((name) => entries[name]);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  const repeats = {};
  for (const name of names) {
    let fastest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < Math.max(warm, 1); i++) fastest = Math.min(fastest, await once(entries[name], 1));
    repeats[name] = Math.max(1, Math.min(1000, Math.ceil(least / Math.max(fastest, 1e-3))));
  }
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push(await once(entries[name], repeats[name]));
  }
  return Object.fromEntries(names.map((name) => [name, summary(times[name])]));
}

/** The median of `values` and half their interquartile range as a share of it. */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place - Math.floor(place));
  };
  const median = at(0.5);
  return { median, spread: (at(0.75) - at(0.25)) / 2 / median };
}

/** "1.23 ms" and the like, for tables. */
export const milliseconds = (time) => `${time < 0.1 ? time.toFixed(4) : time < 10 ? time.toFixed(2) : time.toFixed(1)} ms`;

/** "± 3 %", for tables. */
export const plusMinus = (spread) => `± ${Math.round(100 * spread)} %`;

async function once(entry, repeats) {
  if (typeof entry !== "function") return entry.milliseconds();
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const pending = entry();
    if (pending instanceof Promise) await pending;
  }
  return (performance.now() - start) / repeats;
}
