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
  checkLoss(call, one.loss);
}
