// Where a run writes its results: all at the end, and to a temporary folder first, so that a failed run changes nothing.
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
import { dirname, join, relative } from "node:path";
import { LovaszError } from "../../index.js";

/** Files by name. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

// a longer name or path would crowd out the remainder of the message
const MOST_TOLD = 200;

/**
 * A folder to be written. Its methods are synchronous, so that no signal is handled between two files.
 */
export class RunFolder {
  /** Where it will be, unless something else appears there first. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Checks that files of these `names`, `bytes` bytes in all, can be written to `path`, which may exist if it is empty, and leaves no
   * trace; throws `LovaszError` "data" where they cannot. If `own`, the run chose the path itself, and it may exist with contents.
   */
  static open(path: string, names: readonly string[], { own = false, bytes = 0 } = {}): RunFolder {
    return attempt(path, () => {
      const nearest = nearestOf(path);
      if (!statSync(nearest).isDirectory()) throw new Error(`${nearest} is a file`);
      if (nearest === path && !own) refuseFull(path);
      tryOut(nearest, path, names, bytes);
      return new RunFolder(path);
    });
  }

  /**
   * Writes all files or none, and overwrites nothing: where something else has appeared at `path`, it writes to a folder beside it,
   * named with "-2" and so on. Returns the path of the folder with the files.
   */
  commit(files: Files): string {
    return attempt(this.path, () => {
      const { path } = this;
      if (!isFolder(path)) return beside(path, files);
      return firstOf([
        () => fill(path, files),
        () => beside(path, files),
        // the folder above may belong to somebody else
        () => beside(join(path, "run"), files),
      ]);
    });
  }
}

// the nearest existing path from `path` upwards: a folder, or what blocks one
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

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function refuseFull(path: string): void {
  const [first, ...further] = readdirSync(path).sort();
  if (first === undefined) return;
  const more = further.length > 0 ? ` and ${further.length} more` : "";
  throw new Error(`it is not empty (${first}${more}), and a run writes only to a new or an empty folder`);
}

// Does all that a commit needs, and undoes it: reported limits of file systems and disks may be wrong.
function tryOut(nearest: string, path: string, names: readonly string[], bytes: number): void {
  const aside = makeAside(nearest);
  try {
    // no path of a commit is longer
    const folder = join(aside, relative(nearest, path));
    mkdirSync(folder, { recursive: true });
    for (const name of names) tryName(folder, name, path);
    trySize(folder, bytes);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function makeAside(folder: string): string {
  const aside = join(folder, `.lovasz-${randomUUID()}`);
  mkdirSync(aside);
  return aside;
}

function tryName(folder: string, name: string, path: string): void {
  try {
    writeFileSync(join(folder, name), "", { flag: "wx" });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST")
      throw new LovaszError("data", `two losses of --loss would share the file ${name}; leave out one of them`, { cause });
    // Windows says ENOENT
    if (code !== "ENAMETOOLONG" && code !== "ENOENT") throw cause;
    const cure = "shorten that loss of --loss to fewer terms, or choose a shorter path with --out";
    throw new LovaszError("data", `the name ${short(name)} is too long for a file in ${short(path)}; ${cure}`, { cause });
  }
}

// quotas and reserved blocks make the reported free space wrong
function trySize(folder: string, bytes: number): void {
  try {
    const file = openSync(join(folder, "size"), "w");
    try {
      const block = new Uint8Array(Math.min(bytes, 2 ** 20));
      for (let left = bytes; left > 0; ) left -= writeSync(file, block, 0, Math.min(left, block.length));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const why = `a run may write ${(bytes / 1e6).toFixed(1)} MB, which do not fit (${(error as Error).message})`;
    throw new Error(why, { cause: error });
  }
}

// the result of the first of `ways` that does not throw; if all throw, the error of the first
function firstOf<T>(ways: readonly (() => T)[]): T {
  const errors: unknown[] = [];
  for (const way of ways) {
    try {
      return way();
    } catch (error) {
      errors.push(error);
    }
  }
  throw errors[0];
}

// into `path`, a folder that is empty
function fill(path: string, files: Files): string {
  return writeAside(path, files, (aside) => {
    // of two runs that do this at once, at least one sees the temporary folder of the other
    if (readdirSync(path).length > 1) throw new Error("it was filled while the run was under way");
    const placed: string[] = [];
    try {
      for (const name of files.keys()) {
        renameSync(join(aside, name), join(path, name));
        placed.push(name);
      }
      return path;
    } catch (error) {
      for (const name of placed) rmSync(join(path, name), { force: true });
      throw error;
    }
  });
}

// as `path`, or as the first of path-2, path-3 and so on that is free
function beside(path: string, files: Files): string {
  return writeAside(dirname(path), files, (aside) => {
    for (let number = 1; ; number++) {
      const free = number === 1 ? path : `${path}-${number}`;
      try {
        renameSync(aside, free);
        return free;
      } catch (error) {
        if (!lstatSync(free, { throwIfNoEntry: false })) throw error;
      }
    }
  });
}

// writes `files` to a temporary folder in `home`, from which `put` moves them
function writeAside(home: string, files: Files, put: (aside: string) => string): string {
  const made = mkdirSync(home, { recursive: true });
  try {
    const aside = makeAside(home);
    try {
      for (const [name, contents] of files) writeFileSync(join(aside, name), contents);
      return put(aside);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  } catch (error) {
    if (made) removeEmpty(home, made);
    throw error;
  }
}

// removes empty folders from `folder` up to `last`
function removeEmpty(folder: string, last: string): void {
  if (readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  if (folder !== last) removeEmpty(dirname(folder), last);
}

function short(name: string): string {
  return name.length > MOST_TOLD ? `${name.slice(0, MOST_TOLD / 4)}... (${name.length} characters)` : name;
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof LovaszError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENAMETOOLONG" ? "its path is too long" : message;
    throw new LovaszError("data", `${short(path)} cannot be written to: ${why}; choose another folder with --out`, { cause });
  }
}
