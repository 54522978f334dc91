// What the losses on a GPU share: their options, their self-check, and how results are put together.
import type { Labels } from "../../losses/labels.js";
import type { LovaszSoftmaxOptions } from "../../losses/softmaxArguments.js";
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import type { Session } from "./session.js";

/** The options of all losses here; each loss refuses those it does not know. */
export type Options = LovaszSoftmaxOptions;

/** The names of the options that all losses here know on a GPU; calls with any other option run on this thread. */
export const OPTIONS = ["shape", "out", "ignore", "perImage", "reduction", "layout"];

/** A call whose arguments have been read and copied. */
export interface Job {
  /** Computes it; rejects where the result fails its self-check. `grad` is in the order of the input. */
  run(session: Session): Promise<ValueAndGrad>;
}

/** A loss on a GPU. */
export interface Reader {
  /** The names of the options that it knows there. */
  options: readonly string[];
  /**
   * Reads the arguments, of the options all but `out`: a job, or why the GPU does not take it on. What is wrong throws as in the loss, or
   * is left to it.
   */
  read(input: Float32Array, labels: Labels, options: Options): Job | string;
}

/** Why `options` are beyond the GPU, which knows those of the names `known`; or an empty string. */
export function beyond(options: object, known: readonly string[]): string {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || (name === "method" && value === "sort")) continue;
    if (!known.includes(name)) return `the option ${name}`;
    if (name === "reduction" && value !== "mean") return `reduction ${JSON.stringify(value)}`;
  }
  return "";
}

/** Throws unless `mass`, the sum of the weights of a row, is `expected`: most errors of a GPU show here. */
export function checkMass(mass: number, expected: number): void {
  if (Math.abs(mass - expected) <= 1e-4 * expected) return;
  throw new Error(`the weights of a row sum to ${mass}, not ${expected}`);
}

/** The lines of one row of a result, end to end: the first `out.length` elements. */
export function flatten(lines: readonly Float32Array[], out: Float32Array): Float32Array {
  let at = 0;
  for (const line of lines) {
    if (at >= out.length) break;
    out.set(at + line.length <= out.length ? line : line.subarray(0, out.length - at), at);
    at += line.length;
  }
  return out;
}
