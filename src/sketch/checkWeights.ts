// Checks weights: damaged ones would give a wrong gradient.
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
  const derivatives = settled(given as Float32Array);
  const row = 2 * (fields.bins + 1);
  const isWhole = derivatives.length > 0 && derivatives.length % row === 0 && (fields.loss === "softmax" || derivatives.length === row);
  const wrong = isWhole ? firstWrong(derivatives, row) : -1;
  if (isWhole && wrong < 0) return { ...fields, value, slopes: derivatives };
  const came = isWhole
    ? `slopes[${wrong}] ${derivatives[wrong]}`
    : `slopes of length ${derivatives.length} for ${fields.bins} bins of "${fields.loss}"`;
  throw new LovaszError("option", `${call}: weights has ${came}; expected what weigh() returned, unchanged`);
}

// The index of the first impossible derivative, or -1. It is 0 for errors of 0. The loss grows with every error, and no faster than the
// error: derivatives are from 0 to 1, with the sign turned for positives.
function firstWrong(derivatives: Float32Array, row: number): number {
  for (let i = 0; i < derivatives.length; i++) {
    const most = i % row < 2 ? 0 : 1;
    const derivative = i % 2 === 0 ? derivatives[i] : -derivatives[i];
    if (!(derivative >= 0 && derivative <= most)) return i;
  }
  return -1;
}
