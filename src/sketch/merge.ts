import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import { checkSummary } from "./check.js";
import type { Summary } from "./summary.js";

/**
 * Merges summaries, at least one, into the summary of all their data. The result is the same to the bit in any order and grouping,
 * as counts are whole numbers and ranges are powers of two.
 *
 * Throws `LovaszError` "option" where the summaries differ in loss, classes or bins, and "data" where a count exceeds 32 bits.
 *
 * @example
 * ```js
 * import { merge, sketch } from "lovasz/sketch";
 *
 * const [left, right] = [sketch("hinge", Float32Array.of(0.5, -2), [1, 0]), sketch("hinge", Float32Array.of(3), [0])];
 * console.log(merge(left, right).pixels); // 3
 * ```
 */
export function merge(...summaries: readonly Summary[]): Summary {
  const call = "merge(...summaries)";
  if (summaries.length === 0) throw new LovaszError("option", `${call}: there are no summaries, expected at least one`);
  const checked = summaries.map((one) => checkSummary(call, one));
  const [{ loss, bins, positives: first }] = checked;
  const classes = first.length;
  const counts = new Uint32Array(classes * 2 * bins);
  const positives = new Float64Array(classes);
  const range = checked.reduce((most, one) => Math.max(most, one.range), 0);
  let pixels = 0;
  for (const one of checked) {
    if (one.loss !== loss || one.bins !== bins || one.positives.length !== classes) {
      const [came, expected] = [one, checked[0]].map(
        (s) => `"${s.loss}" of ${counted(s.positives.length, "class", "classes")} in ${s.bins} bins`,
      );
      throw new LovaszError("option", `${call}: one summary is ${came}, expected ${expected} like the first`);
    }
    addCounts(call, one, range / one.range, counts);
    one.positives.forEach((n, c) => {
      positives[c] += n;
    });
    pixels += one.pixels;
  }
  return { loss, bins, range, pixels, positives, counts };
}

// adds up `fold` bins of a summary, a power of two, in one bin of the result
function addCounts(call: string, { counts, bins }: Summary, fold: number, sums: Uint32Array): void {
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const start = i - (i % (2 * bins));
    const bin = Math.floor(((i - start) >> 1) / fold);
    const at = start + 2 * bin + (i & 1);
    if (sums[at] + counts[i] > 0xffffffff) {
      throw new LovaszError("data", `${call}: a bin counts more than 2^32 - 1 pixels; use more bins, or less data at once`);
    }
    sums[at] += counts[i];
  }
}
