// Where a part goes: a file, whole or not at all, or standard output.
import type { Io } from "../io.js";
import { writeWhole } from "../writeWhole.js";
import { encodePart, type Part } from "./part.js";

/** Writes `part` to the file `out`, or in a line to standard output. Throws `LovaszError` "data". */
export function writePart(part: Part, out: string | undefined, io: Io): void {
  const line = `${encodePart(part)}\n`;
  if (out === undefined) io.stdout.write(line);
  else writeWhole(out, line);
}
