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
}

// two to a whole power: bins fold evenly
const isPower = (n: unknown) => typeof n === "number" && n > 0 && Number.isFinite(n) && 2 ** Math.round(Math.log2(n)) === n;
