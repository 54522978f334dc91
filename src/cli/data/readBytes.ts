// Files from people. Kind and size are looked at before a byte is read: a pipe may never come, and /dev/zero never ends.

import { readFile, stat } from "node:fs/promises";
import { counted } from "../../counted.js";

/** The bytes of `file`, at most `most`; throws an Error that goes on after the file's name: what is wrong with it. */
export async function readBytes(file: string | Buffer, most: number): Promise<Buffer> {
  try {
    const status = await stat(file);
    if (status.isDirectory()) throw new Error("is a folder");
    if (!status.isFile()) throw new Error("is not a regular file");
    if (status.size > most) throw new Error(`has ${counted(status.size, "byte")}, expected at most ${most}`);
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Error(code === "ENOENT" ? "does not exist" : `cannot be read (${code})`, { cause: error });
  }
}
