import { LovaszError } from "../errors.js";
import { checkSummary } from "./check.js";
import type { Summary } from "./summary.js";

/**
 * The summary of all the data that `summaries` tell of, at least one. Counts are whole numbers and ranges powers of two: the
 * result is the same to the bit in whatever order and grouping parts are merged.
 *
 * Throws `LovaszError` "option" where they are not of one loss, and "data" where a count outgrows 32 bits.
 */
export function merge(...summaries: readonly Summary[]): Summary {
  const call = "merge(...summaries)";
  if (summaries.length === 0) throw new LovaszError("option", `${call}: there are no summaries, expected at least one`);
  const parts = summaries.map((one) => checkSummary(call, one));
  const [{ loss, bins, positives: first }] = parts;
  const classes = first.length;
  const counts = new Uint32Array(classes * 2 * bins);
  const positives = new Float64Array(classes);
  const range = parts.reduce((most, one) => Math.max(most, one.range), 0);
  let pixels = 0;
  for (const one of parts) {
    if (one.loss !== loss || one.bins !== bins || one.positives.length !== classes) {
      const [came, expected] = [one, parts[0]].map((s) => `"${s.loss}" of ${s.positives.length} classes in ${s.bins} bins`);
      throw new LovaszError("option", `${call}: one summary is ${came}, expected ${expected} as the first`);
    }
    addCounts(call, one, range / one.range, counts);
    one.positives.forEach((n, c) => {
      positives[c] += n;
    });
    pixels += one.pixels;
  }
  return { loss, bins, range, pixels, positives, counts };
}

// `fold` bins of a summary, a power of two, are one of the result
function addCounts(call: string, { counts, bins }: Summary, fold: number, sums: Uint32Array): void {
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const start = i - (i % (2 * bins));
    const bin = Math.floor(((i - start) >> 1) / fold);
    const at = start + 2 * bin + (i & 1);
    if (sums[at] + counts[i] > 0xffffffff) {
      throw new LovaszError("data", `${call}: a bin counts more than 2^32 - 1 pixels; take more bins, or fewer data at once`);
    }
    sums[at] += counts[i];
  }
}
