// Whether weights are some: the gradient by damaged ones would be wrong numbers.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { settled } from "../wasm/memory.js";
import { checkFields, fieldsOf, isKind } from "./fields.js";
import type { Weights } from "./weigh.js";

/** The fields of `weights`, each read once. Throws unless they are what `weigh` returned. */
export function checkWeights(call: string, weights: Weights): Weights {
  const { loss, bins, range, value, slopes: given } = fieldsOf(call, "weights", "weigh()", weights);
  if (!isKind(given, "Float32Array")) {
    const came = `slopes ${describe(given)}`;
    throw new LovaszError("option", `${call}: weights has ${came}, expected what weigh() returned, its typed array intact`);
  }
  const fields = checkFields(call, "weights", { loss, bins, range });
  if (!(typeof value === "number" && value >= 0 && value <= fields.range)) {
    const came = `value ${describe(value)}, but errors below ${fields.range}`;
    throw new LovaszError("option", `${call}: weights has ${came}; expected what weigh() returned, unchanged`);
  }
  const slopes = settled(given as Float32Array);
  const row = 2 * (fields.bins + 1);
  const isWhole = slopes.length > 0 && slopes.length % row === 0 && (fields.loss === "softmax" || slopes.length === row);
  const wrong = isWhole ? firstWrong(slopes, row) : -1;
  if (isWhole && wrong < 0) return { ...fields, value, slopes };
  const came = isWhole ? `slopes[${wrong}] ${slopes[wrong]}` : `${slopes.length} slopes for ${fields.bins} bins of "${fields.loss}"`;
  throw new LovaszError("option", `${call}: weights has ${came}; expected what weigh() returned, unchanged`);
}

// What counts nothing has none; the loss grows with the errors, negatives above and positives below, and no faster than they do. -1: all
// slopes are so.
function firstWrong(slopes: Float32Array, row: number): number {
  for (let i = 0; i < slopes.length; i++) {
    const most = i % row < 2 ? 0 : 1;
    const slope = i % 2 === 0 ? slopes[i] : -slopes[i];
    if (!(slope >= 0 && slope <= most)) return i;
  }
  return -1;
}
