// Checks summaries: a damaged one would give a wrong loss.
import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { checkFields, fieldsOf, isKind } from "./fields.js";
import type { Summary } from "./summary.js";

/** The fields of `one`, each read once. Throws unless they are what `sketch` or `merge` returned. */
export function checkSummary(call: string, one: Summary): Summary {
  const { loss, bins, range, pixels, positives, counts } = fieldsOf(call, "a summary", "sketch()", one);
  if (!isKind(counts, "Uint32Array") || !isKind(positives, "Float64Array")) {
    const came = `counts ${describe(counts)} and positives ${describe(positives)}`;
    throw new LovaszError("option", `${call}: a summary has ${came}, expected what sketch() returned, its typed arrays intact`);
  }
  const summary = {
    ...checkFields(call, "a summary", { loss, bins, range }),
    pixels: pixels as number,
    positives: positives as Float64Array,
    counts: counts as Uint32Array,
  };
  checkTotals(call, summary);
  checkCounts(call, summary);
  return summary;
}

const EXPECTED = "expected what sketch() returned, unchanged";

function checkTotals(call: string, { loss, bins, pixels, positives, counts }: Summary): void {
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
  const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
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

// Errors of 0 are in no bin, so the bins of a class hold no more positives than it has, and no more negatives than there are other pixels.
function checkCounts(call: string, { bins, pixels, positives, counts }: Summary): void {
  for (let c = 0; c < positives.length; c++) {
    const sums = [0, 0];
    for (let i = c * 2 * bins; i < (c + 1) * 2 * bins; i++) sums[i & 1] += counts[i];
    const most = [pixels - positives[c], positives[c]];
    for (const [i, name] of ["negatives", "positives"].entries()) {
      if (sums[i] <= most[i]) continue;
      throw new LovaszError("option", `${call}: a summary counts errors of ${sums[i]} ${name} in class ${c}, of ${most[i]}; ${EXPECTED}`);
    }
  }
}
