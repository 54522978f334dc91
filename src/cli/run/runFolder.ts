// Where a run writes: all at its end and aside at first, so that a run that fails leaves what was there before as it was.
import { randomUUID } from "node:crypto";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { LovaszError } from "../../index.js";

/** Files by name. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/**
 * A folder to be. What it does is done at once, without a turn of the event loop: no signal is answered between two files.
 */
export class RunFolder {
  readonly #path: string;
  readonly #own: boolean;

  private constructor(path: string, own: boolean) {
    this.#path = path;
    this.#own = own;
  }

  /**
   * Looks whether files of these `names`, of so many `bytes` in all, can be written to `path`, which may exist, and leaves no
   * trace; throws `LovaszError` "data" where they cannot. If `own`, the run shares a folder with nobody: "-2" is added where
   * `path` is taken.
   */
  static open(path: string, names: readonly string[], { own = false, bytes = 0 } = {}): RunFolder {
    return attempt(path, () => {
      const nearest = nearestOf(path);
      if (!statSync(nearest).isDirectory()) throw new Error(`${nearest} is a file`);
      tryRoom(nearest, bytes);
      const folder = names.find((name) => nearest === path && lstatSync(join(path, name), { throwIfNoEntry: false })?.isDirectory());
      if (folder) throw new Error(`${folder} in it is a folder`);
      return new RunFolder(path, own);
    });
  }

  /** Writes all files, over those of the same names, or none. Returns the folder's path. */
  commit(files: Files): string {
    return attempt(this.#path, () => {
      const exists = !this.#own && nearestOf(this.#path) === this.#path;
      const within = exists ? this.#path : dirname(this.#path);
      const made = mkdirSync(within, { recursive: true });
      const aside = makeAside(within);
      try {
        for (const [name, contents] of files) writeFileSync(join(aside, name), contents);
        if (!exists) return place(aside, this.#path, this.#own);
        for (const name of files.keys()) renameSync(join(aside, name), join(this.#path, name));
        return this.#path;
      } catch (error) {
        rmSync(aside, { recursive: true, force: true });
        if (made) removeEmpty(within, made);
        throw error;
      } finally {
        rmSync(aside, { recursive: true, force: true });
      }
    });
  }
}

// the nearest folder (or what is in its place) that exists, from `path` upwards
function nearestOf(path: string): string {
  try {
    lstatSync(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    return nearestOf(dirname(path));
  }
}

function makeAside(folder: string): string {
  const aside = join(folder, `.lovasz-${randomUUID()}`);
  mkdirSync(aside);
  return aside;
}

// Quotas and reserved blocks make what a disk says of itself untrue: so many bytes are written, and removed.
function tryRoom(folder: string, bytes: number): void {
  const aside = makeAside(folder);
  try {
    const file = openSync(join(aside, "room"), "w");
    try {
      const block = new Uint8Array(Math.min(bytes, 2 ** 20));
      for (let left = bytes; left > 0; ) left -= writeSync(file, block, 0, Math.min(left, block.length));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const why = `a run may write ${(bytes / 1e6).toFixed(1)} MB, for which there is no room (${(error as Error).message})`;
    throw new Error(why, { cause: error });
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

// as `path`, or as the first of path-2, path-3 and so on that is free
function place(aside: string, path: string, own: boolean): string {
  for (let number = 1; ; number++) {
    const free = number === 1 ? path : `${path}-${number}`;
    try {
      renameSync(aside, free);
      return free;
    } catch (error) {
      if (!own || !["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
}

// from `folder` up to `last`, those that nobody else has put anything into
function removeEmpty(folder: string, last: string): void {
  if (readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  if (folder !== last) removeEmpty(dirname(folder), last);
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = (error as Error).message;
    throw new LovaszError("data", `${path} cannot be written to: ${why}; choose another folder with --out`, { cause: error });
  }
}
