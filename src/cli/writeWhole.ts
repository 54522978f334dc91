// Writes files whole or not at all. Synchronously, so that no signal is handled while there is a temporary file.
import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LovaszError } from "../index.js";
import { rename } from "./rename.js";

/** Writes to a temporary name and renames it to `file`; throws `LovaszError` "data", which ends with the `cure`, where that fails. */
export function writeWhole(file: string, contents: string | Uint8Array, cure = "choose another file"): void {
  const aside = join(dirname(file), `.lovasz-${randomUUID()}`);
  try {
    writeFileSync(aside, contents);
    rename(aside, file);
  } catch (error) {
    remove(aside);
    const { code = "", message } = error as NodeJS.ErrnoException;
    const why = { ENOENT: "its folder does not exist", ENOTDIR: "its folder is a file", EISDIR: "it is a folder" }[code] ?? message;
    throw new LovaszError("data", `${file} cannot be written to: ${why}; ${cure}`, { cause: error });
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // why the file cannot be written says more
  }
}
