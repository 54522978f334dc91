// Checks summaries: a damaged one would give a wrong loss.
import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { type Counts, MOST_IN_32_BITS, narrowed } from "./counts.js";
import { checkFields, fieldsOf, isKind } from "./fields.js";
import type { Summary } from "./summary.js";

/** The fields of `one`, each read once. Throws unless they are what `sketch` or `merge` returned. */
export function checkSummary(call: string, one: Summary): Summary {
  const summary = checkTotals(call, one);
  checkCounts(call, summary);
  return summary;
}

/** Throws unless the counts of each class agree with the totals. */
export function checkCounts(call: string, summary: Summary): void {
  const { bins, positives, counts } = summary;
  if (isKind(counts, "Float64Array")) refuseNoCounts(call, counts);
  for (let c = 0; c < positives.length; c++) {
    let [negatives, found] = [0, 0];
    for (let i = c * 2 * bins; i < (c + 1) * 2 * bins; i += 2) {
      negatives += counts[i];
      found += counts[i + 1];
    }
    checkClass(call, summary, c, negatives, found);
  }
}

function refuseNoCounts(call: string, counts: Counts): void {
  const wrong = counts.find((n) => !isCount(n));
  if (wrong !== undefined) throw new LovaszError("option", `${call}: a summary has a count of ${wrong}; ${EXPECTED}`);
  if (narrowed(counts) !== counts)
    throw new LovaszError("option", `${call}: a summary has counts in float64 that fit in 32 bits; ${EXPECTED}`);
}

const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;

/** The same without the sums of the counts, which are left to `checkClass`. */
export function checkTotals(call: string, one: Summary): Summary {
  const { loss, bins, range, pixels, positives, counts } = fieldsOf(call, "a summary", "sketch()", one);
  const many = typeof pixels === "number" && pixels > MOST_IN_32_BITS;
  if (!(isKind(counts, "Uint32Array") || (many && isKind(counts, "Float64Array"))) || !isKind(positives, "Float64Array")) {
    const came = `counts ${describe(counts)} and positives ${describe(positives)}`;
    throw new LovaszError("option", `${call}: a summary has ${came}, expected what sketch() returned, its typed arrays intact`);
  }
  const summary = {
    ...checkFields(call, "a summary", { loss, bins, range }),
    pixels: pixels as number,
    positives: positives as Float64Array,
    counts: counts as Counts,
  };
  refuseTotals(call, summary);
  return summary;
}

const EXPECTED = "expected what sketch() returned, unchanged";

function refuseTotals(call: string, { loss, bins, pixels, positives, counts }: Summary): void {
  const classes = positives.length;
  if (loss === "softmax" ? classes === 0 : classes !== 1) {
    throw new LovaszError("option", `${call}: a summary of "${loss}" has ${counted(classes, "class", "classes")}; ${EXPECTED}`);
  }
  if (counts.length !== classes * 2 * bins) {
    throw new LovaszError(
      "option",
      `${call}: a summary of ${counted(classes, "class", "classes")} in ${bins} bins has ${counted(counts.length, "count")}; ${EXPECTED}`,
    );
  }
  if (!isCount(pixels) || !positives.every((n) => isCount(n) && n <= pixels)) {
    const came = `pixels ${describe(pixels)} and positives [${Array.from(positives.subarray(0, 8)).join(", ")}]`;
    throw new LovaszError("option", `${call}: a summary has ${came}; ${EXPECTED}`);
  }
  const sum = positives.reduce((a, b) => a + b, 0);
  if (loss === "softmax" && sum !== pixels) {
    throw new LovaszError(
      "option",
      `${call}: a summary has ${counted(sum, "positive")} of all classes, but ${counted(pixels, "pixel")}; ${EXPECTED}`,
    );
  }
}

/**
 * Throws if class `c` counts errors of more pixels than it can have: errors of 0 are in no bin, so its bins hold no more positives than it has,
 * and no more negatives than there are other pixels.
 */
export function checkClass(call: string, { pixels, positives }: Summary, c: number, negatives: number, found: number): void {
  for (const [sum, most, name] of [
    [negatives, pixels - positives[c], "negatives"],
    [found, positives[c], "positives"],
  ] as const) {
    if (sum <= most) continue;
    throw new LovaszError("option", `${call}: a summary counts errors of ${sum} ${name} in class ${c}, of ${most}; ${EXPECTED}`);
  }
}
