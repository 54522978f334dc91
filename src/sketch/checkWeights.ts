// Checks weights: damaged ones would give a wrong gradient.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { settled } from "../wasm/memory.js";
import { checksumOf } from "./checksum.js";
import { checkFields, fieldsOf, isKind } from "./fields.js";
import type { Weights } from "./weights.js";

/** The fields of `weights`, each read once. Throws unless they are what `weigh` returned. */
export function checkWeights(call: string, weights: Weights): Weights {
  const { loss, bins, range, value, slopes: given, checksum } = fieldsOf(call, "weights", "weigh()", weights);
  const wrong = (came: string) => new LovaszError("option", `${call}: weights has ${came}, expected what weigh() returned, unchanged`);
  if (!isKind(given, "Float32Array")) throw wrong(`slopes ${describe(given)}`);
  if (typeof value !== "number") throw wrong(`value ${describe(value)}`);
  const fields = checkFields(call, "weights", { loss, bins, range });
  const known = { ...fields, value, slopes: settled(given as Float32Array) };
  const row = 2 * (fields.bins + 1);
  const { length } = known.slopes;
  if (length === 0 || length % row !== 0 || (fields.loss !== "softmax" && length !== row)) {
    throw wrong(`slopes of length ${length} for ${fields.bins} bins of "${fields.loss}"`);
  }
  const own = checksumOf(known);
  if (checksum !== own) throw wrong(`checksum ${describe(checksum)}, but ${own} is that of its contents`);
  return { ...known, checksum: own };
}
