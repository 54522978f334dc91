// A whole call of `lovasz sketch merge`.
import type { Io } from "../io.js";
import type { MergeOptions } from "./options.js";
import { checkComplete, mergeParts } from "./part.js";
import { partsOf } from "./source.js";
import { writePart } from "./writePart.js";

/** Merges the parts in `files`, or in standard input, and writes the result. Of no lines at all it writes nothing, as of an empty partition. */
export async function mergeCall(files: readonly string[], { out, expect }: MergeOptions, io: Io): Promise<void> {
  const part = await mergeParts(partsOf(files, io));
  if (part) writePart(checkComplete(part, expect), out, io);
}
