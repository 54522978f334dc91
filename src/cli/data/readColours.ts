// Reads the file of --colours.
import { readFileSync, statSync } from "node:fs";
import { LovaszError } from "../../index.js";
import { absolute } from "../workingFolder.js";
import { type Colours, parseColours } from "./colours.js";

// 255 classes take a few kilobytes
const MOST_BYTES = 2 ** 20;

/** The classes of colours in `file`; throws `LovaszError` "data" that names it, what is wrong with it, and what was expected. */
export function readColours(file: string): Colours {
  const path = absolute(file);
  try {
    return { file, ...parseColours(textOf(path)) };
  } catch (error) {
    const why = (error as Error).message;
    throw new LovaszError("data", `${file} ${why}; see lovasz inspect --help for the format of --colours`, { cause: error });
  }
}

// size and kind come first: a pipe may never end
function textOf(path: string): string {
  const status = attempt(() => statSync(path));
  if (!status.isFile()) throw new Error(status.isDirectory() ? "is a folder, expected a file" : "is not a regular file");
  if (status.size > MOST_BYTES) throw new Error(`has ${status.size} bytes, expected at most ${MOST_BYTES}`);
  const bytes = attempt(() => readFileSync(path));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("is not text in UTF-8");
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(code === "ENOENT" ? "does not exist" : `cannot be read (${code})`, { cause: error });
  }
}
