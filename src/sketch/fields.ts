// The fields of summaries and weights. Both may arrive damaged from another worker, context, file or network.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { checkLoss, MOST_BINS, type SketchLoss } from "./summary.js";

/** The loss, bins and range of a summary or of weights. */
export interface Fields {
  loss: SketchLoss;
  bins: number;
  range: number;
}

/** `value` as an object whose fields can be read. */
export function fieldsOf<T>(call: string, name: string, source: string, value: T): Partial<Record<keyof T, unknown>> {
  if (typeof value === "object" && value !== null) return value;
  throw new LovaszError("option", `${call}: ${name} is ${describe(value)}, expected what ${source} returned`);
}

/** Checks the fields that summaries and weights share. */
export function checkFields(call: string, name: string, { loss, bins, range }: { [field in keyof Fields]?: unknown }): Fields {
  const known = checkLoss(call, loss);
  const ok = isPower(bins, 1, Math.log2(MOST_BINS)) && (known === "hinge" ? isPower(range, -64, 128) : range === 1);
  if (ok) return { loss: known, bins: bins as number, range: range as number };
  const came = `loss ${describe(loss)}, bins ${describe(bins)} and range ${describe(range)}`;
  const expected = known === "hinge" ? "powers of two" : "a power of two and 1";
  throw new LovaszError("option", `${call}: ${name} has ${came}, expected bins and range to be ${expected}, unchanged`);
}

// a power of two, so that bins of different ranges merge evenly
function isPower(n: unknown, least: number, most: number): boolean {
  if (typeof n !== "number" || !(n > 0)) return false;
  const power = Math.round(Math.log2(n));
  return power >= least && power <= most && 2 ** power === n;
}

/** Whether `value` is a typed array of this kind, from any window or context. */
export function isKind(value: unknown, kind: "Float32Array" | "Float64Array" | "Uint32Array"): boolean {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === `[object ${kind}]`;
}
