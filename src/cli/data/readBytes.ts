// Files from people. Kind and size are looked at before a byte is read: a pipe may never come, and /dev/zero never ends.
import { readFile, stat } from "node:fs/promises";

/** The bytes of `file`, at most `most`; throws an Error that goes on after the file's name: what is wrong with it. */
export async function readBytes(file: string | Buffer, most: number): Promise<Buffer> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new Error("is a folder");
    if (!found.isFile()) throw new Error("is not a regular file");
    if (found.size > most) throw new Error(`has ${found.size} bytes, expected at most ${most}`);
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Error(code === "ENOENT" ? "does not exist" : `cannot be read (${code})`, { cause: error });
  }
}
