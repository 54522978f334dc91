// Summaries may come from elsewhere: from another worker, a file, a network.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { checkLoss, type Summary } from "./summary.js";

/** Throws unless `one` is what `sketch` or `merge` returned. */
export function checkSummary(call: string, one: Summary): void {
  const isWhole = one?.counts instanceof Uint32Array && one.positives instanceof Float64Array;
  if (!isWhole || one.counts.length !== one.positives.length * 2 * one.bins || !(one.range > 0)) {
    throw new LovaszError("option", `${call}: a summary is ${describe(one)}, expected what sketch() returned, its typed arrays intact`);
  }
  const counted = [one.pixels, ...one.positives].every((n) => Number.isSafeInteger(n) && n >= 0 && n <= one.pixels);
  if (!counted || !isPower(one.range) || !isPower(one.bins) || one.bins < 2) {
    const came = `{ bins: ${describe(one.bins)}, range: ${describe(one.range)}, pixels: ${describe(one.pixels)} }`;
    throw new LovaszError(
      "option",
      `${call}: a summary has ${came}, or counts that do not fit; expected what sketch() returned, unchanged`,
    );
  }
  checkLoss(call, one.loss);
  checkCounts(call, one);
}

// Errors of 0 are in no bin, so the bins of a class hold no more positives than it has, and no more negatives than there are others.
function checkCounts(call: string, { loss, bins, pixels, positives, counts }: Summary): void {
  const classes = positives.length;
  const expected = "expected what sketch() returned, unchanged";
  if (loss === "softmax" ? classes === 0 : classes !== 1) {
    throw new LovaszError("option", `${call}: a summary of "${loss}" has ${classes} classes; ${expected}`);
  }
  const sum = positives.reduce((a, b) => a + b, 0);
  if (loss === "softmax" && sum !== pixels) {
    throw new LovaszError("option", `${call}: a summary has ${sum} positives of all classes, but ${pixels} pixels; ${expected}`);
  }
  for (let c = 0; c < classes; c++) {
    const found = [0, 0];
    for (let i = c * 2 * bins; i < (c + 1) * 2 * bins; i++) found[i & 1] += counts[i];
    const most = [pixels - positives[c], positives[c]];
    for (const [i, name] of ["negatives", "positives"].entries()) {
      if (found[i] <= most[i]) continue;
      throw new LovaszError("option", `${call}: a summary counts errors of ${found[i]} ${name} in class ${c}, of ${most[i]}; ${expected}`);
    }
  }
}

// two to a whole power: bins fold evenly
const isPower = (n: unknown) => typeof n === "number" && n > 0 && Number.isFinite(n) && 2 ** Math.round(Math.log2(n)) === n;
