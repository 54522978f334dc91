import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import { kernels } from "../wasm/instance.js";
import { dataView, scratch, viewU32 } from "../wasm/memory.js";
import { checkClass, checkCounts, checkTotals } from "./check.js";
import { type Counts, narrowed, zeroCounts } from "./counts.js";
import type { Summary } from "./summary.js";

/**
 * Merges summaries, at least one, into the summary of all their data. The result is the same to the bit in any order and grouping,
 * as counts are whole numbers and ranges are powers of two.
 *
 * Throws `LovaszError` "option" where the summaries differ in loss, classes or bins, and "data" for 2^53 pixels and more.
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
  const known = summaries.map((one) => checkTotals(call, one));
  refuseOthers(call, known);
  const [{ loss, bins, positives: first }] = known;
  const range = known.reduce((most, one) => Math.max(most, one.range), 0);
  const pixels = known.reduce((sum, one) => sum + one.pixels, 0);
  if (!Number.isSafeInteger(pixels))
    throw new LovaszError("data", `${call}: the summaries are of ${pixels} pixels, expected less than 2^53`);
  const ranged = known.map((one) => (one.range === range ? one : widened(call, one, range)));
  const counts = narrowed(sumOf(call, ranged, zeroCounts(pixels, ranged[0].counts.length)));
  const positives = first.map((_, c) => known.reduce((sum, one) => sum + one.positives[c], 0));
  return { loss, bins, range, pixels, positives, counts };
}

function refuseOthers(call: string, [first, ...others]: readonly Summary[]): void {
  const inWords = ({ loss, bins, positives }: Summary) =>
    `"${loss}" of ${counted(positives.length, "class", "classes")} in ${counted(bins, "bin")}`;
  const expected = inWords(first);
  for (const one of others) {
    if (inWords(one) === expected) continue;
    throw new LovaszError("option", `${call}: one summary is ${inWords(one)}, expected ${expected} like the first`);
  }
}

/** The summary with bins up to `range`, which is larger: each of them holds so many of the former. */
function widened(call: string, one: Summary, range: number): Summary {
  checkCounts(call, one);
  const { bins, pixels, counts: former } = one;
  const fold = range / one.range;
  const counts = zeroCounts(pixels, former.length);
  for (let i = 0; i < former.length; i++) {
    if (former[i] === 0) continue;
    const start = i - (i % (2 * bins));
    counts[start + 2 * Math.floor((i - start) / 2 / fold) + (i & 1)] += former[i];
  }
  return { ...one, range, counts: narrowed(counts) };
}

/** Adds the counts of all to `sums`, into which they fit, and returns it. */
function sumOf(call: string, summaries: readonly Summary[], sums: Counts): Counts {
  if (sums instanceof Uint32Array) return sumIn32Bits(call, summaries, sums);
  for (const one of summaries) {
    checkCounts(call, one);
    for (let i = 0; i < sums.length; i++) sums[i] += one.counts[i];
  }
  return sums;
}

// counts that the core adds at once: two blocks of 64 KiB stay in the cache
const BLOCK = 2 ** 14;

function sumIn32Bits(call: string, summaries: readonly Summary[], counts: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const [{ bins, positives }] = summaries;
  const block = Math.min(BLOCK, 2 * bins);
  scratch([4 * block, 4 * block, 16 * summaries.length], (sums, input, totals) => {
    for (let c = 0; c < positives.length; c++) {
      viewU32(totals, 4 * summaries.length).fill(0);
      for (let at = 2 * bins * c; at < 2 * bins * (c + 1); at += block) {
        viewU32(sums, block).fill(0);
        for (const [i, one] of summaries.entries()) {
          viewU32(input, block).set(one.counts.subarray(at, at + block));
          kernels.addCounts(input, block, sums, totals + 16 * i);
        }
        counts.set(viewU32(sums, block), at);
      }
      for (const [i, one] of summaries.entries()) {
        const [negatives, found] = [0, 8].map((byte) => Number(dataView().getBigUint64(totals + 16 * i + byte, true)));
        checkClass(call, one, c, negatives, found);
      }
    }
  });
  return counts;
}
