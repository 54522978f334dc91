// Doubts about the data. They go to standard error, as results go to standard output.
import type { Io } from "./io.js";
import { plain } from "./plain.js";

/** Tells each of `doubts` on a line of its own. */
export function tellDoubts(doubts: readonly string[], io: Io): void {
  for (const doubt of doubts) io.stderr.write(`warning: ${plain(doubt)}\n`);
}
