// Writes files whole or not at all.
import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LovaszError } from "../index.js";

/** Writes to a temporary name and renames it to `file`; throws `LovaszError` "data" where that fails. */
export async function writeWhole(file: string, contents: string | Uint8Array): Promise<void> {
  const aside = join(dirname(file), `.lovasz-${randomUUID()}`);
  try {
    await writeFile(aside, contents);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    const { code = "", message } = error as NodeJS.ErrnoException;
    const why = { ENOENT: "its folder does not exist", ENOTDIR: "its folder is a file", EISDIR: "it is a folder" }[code] ?? message;
    throw new LovaszError("data", `${file} cannot be written to: ${why}; choose another file`, { cause: error });
  }
}
