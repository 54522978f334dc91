// Where a run writes: aside at first, so that a run that fails leaves what was there before as it was.
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LovaszError } from "../../index.js";

/** A folder to be. */
export class RunFolder {
  readonly path: string;
  readonly #aside: string;
  readonly #exists: boolean;

  private constructor(path: string, aside: string, exists: boolean) {
    this.path = path;
    this.#aside = aside;
    this.#exists = exists;
  }

  /** Prepares to write to `path`, which may exist; throws `LovaszError` "data" where that cannot be. */
  static async open(path: string): Promise<RunFolder> {
    try {
      const exists = await isFolder(path);
      if (exists) await access(path, constants.W_OK);
      else await mkdir(dirname(path), { recursive: true });
      // within an existing folder, which may be a link to another disk; else beside the new one, to be renamed as a whole
      const aside = join(exists ? path : dirname(path), `.${basename(path)}-${randomUUID()}`);
      await mkdir(aside);
      return new RunFolder(path, aside, exists);
    } catch (error) {
      throw refused(path, error as Error);
    }
  }

  /** Writes a file, aside for now. */
  async write(name: string, contents: string | Uint8Array): Promise<void> {
    await writeFile(join(this.#aside, name), contents).catch((error: Error) => {
      throw refused(this.path, error);
    });
  }

  /** Puts all files in place, over those of the same names. */
  async commit(): Promise<void> {
    if (!this.#exists) {
      await rename(this.#aside, this.path);
      return;
    }
    for (const name of await readdir(this.#aside)) await rename(join(this.#aside, name), join(this.path, name));
    await this.discard();
  }

  /** Forgets what was written aside. */
  async discard(): Promise<void> {
    await rm(this.#aside, { recursive: true, force: true });
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (found && !found.isDirectory()) throw new Error("it is a file");
  return found !== null;
}

function refused(path: string, error: Error): LovaszError {
  return new LovaszError("data", `${path} cannot be written to: ${error.message}; choose another folder with --out`, { cause: error });
}
