// A whole call of `lovasz sketch weigh`: the loss of all data.
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import { weigh } from "../../sketch/weigh.js";
import type { Io } from "../io.js";
import type { WeighPartOptions } from "./options.js";
import { checkComplete, mergeParts, type Part } from "./part.js";
import { partsOf } from "./source.js";

/** Prints the loss of the parts in `files`, or in standard input. */
export async function weighCall(files: readonly string[], { json, ...options }: WeighPartOptions, io: Io): Promise<void> {
  const part = await wholeOf(files, options.expect, io);
  const { loss, value, bound, pixels, parts } = lossOf(part, options);
  const text = json
    ? JSON.stringify({ kind: loss, loss: value, bound, pixels, parts })
    : `${loss} loss ${value.toPrecision(7)}, within ${bound.toPrecision(2)} of the exact one, of ${counted(pixels, "pixel")} in ${counted(parts, "part")}`;
  io.stdout.write(`${text}\n`);
}

/** All parts in one. Throws `LovaszError` "data" where there is none. */
export async function wholeOf(files: readonly string[], expected: number | undefined, io: Io): Promise<Part> {
  const part = await mergeParts(partsOf(files, io));
  if (part) return checkComplete(part, expected);
  throw new LovaszError("data", "standard input has no part; pass files, or pipe in the lines that lovasz sketch count wrote");
}

/** The loss of `part`, and how far it is from the exact one at most: the width of a bin. */
export function lossOf({ summary, names }: Part, { classes }: Pick<WeighPartOptions, "classes">) {
  const { loss, value } = weigh(summary, classes === undefined ? {} : { classes });
  return { loss, value, bound: summary.range / summary.bins, pixels: summary.pixels, parts: names.length };
}
