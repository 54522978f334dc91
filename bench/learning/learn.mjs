// Runs the units that no result is known of, several at a time if asked, and says how long the rest will take.

/**
 * `units`: a list of { set, seed, fold }. `run(unit, signal)` resolves to what is to be kept; the first that rejects ends all. A unit counts as
 * done when it is in `results`, so whoever kills the program loses the units under way, and no other.
 */
export async function learn(units, { results, run, jobs = 1, say = (line) => console.error(line), now = () => performance.now() / 1000 }) {
  const known = units.map((unit) => results.read(unit));
  const missing = units.filter((_, i) => known[i] === null);
  const times = known.filter((one) => one !== null).map(({ set, seconds }) => ({ set, seconds }));
  if (missing.length > 0) say(`${missing.length} of ${units.length} units to do, ${jobs} at a time`);
  const waiting = [...missing];
  const stop = new AbortController();
  const worker = async () => {
    for (let unit = waiting.shift(); unit && !stop.signal.aborted; unit = waiting.shift()) {
      const start = now();
      const found = await run(unit, stop.signal);
      const seconds = Number((now() - start).toFixed(1));
      results.write({ ...unit, seconds, ...found });
      times.push({ set: unit.set, seconds });
      const done = `${unit.set}, seed ${unit.seed}, fold ${unit.fold}: ${seconds.toFixed(0)} s; ${times.length} of ${units.length} done`;
      // what is under way counts as half done
      const left = remaining(waiting, times) / jobs + remaining([unit], times) * ((Math.min(jobs, missing.length) - 1) / jobs / 2);
      say(waiting.length > 0 ? `${done}, about ${inWords(left)} left` : done);
    }
  };
  // the first error is the reason why the others end
  await Promise.all(Array.from({ length: jobs }, () => worker().catch((error) => stop.abort(error))));
  stop.signal.throwIfAborted();
}

/** The seconds that `units` will take one after the other, by the mean of those of the same set so far, or else of all. */
export function remaining(units, times) {
  const mean = (list) => list.reduce((sum, { seconds }) => sum + seconds, 0) / list.length;
  return units.reduce((sum, { set }) => {
    const own = times.filter((one) => one.set === set);
    return sum + mean(own.length > 0 ? own : times);
  }, 0);
}

function inWords(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
