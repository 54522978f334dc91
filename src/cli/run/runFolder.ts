// Where a run writes its results: all at the end, and to a temporary folder first, so that a failed run changes nothing.
import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LovaszError } from "../../index.js";
import { attempt, makeAside, nearestOf, tryOut } from "../tryOut.js";

/** Files by name. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

const SHORTEN = "shorten that loss of --loss to fewer terms, or choose a shorter path with --out";

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
      if (!own && nearestOf(path) === path && isFolder(path)) refuseFull(path);
      refuseTwins(names);
      tryOut(path, { names, bytes, shorten: SHORTEN });
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

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function refuseFull(path: string): void {
  const [first, ...further] = readdirSync(path).sort();
  if (first === undefined) return;
  const more = further.length > 0 ? ` and ${further.length} more` : "";
  throw new Error(`it is not empty (${first}${more}), and a run writes only to a new or an empty folder`);
}

function refuseTwins(names: readonly string[]): void {
  const twin = names.find((name, i) => names.indexOf(name) < i);
  if (twin !== undefined) throw new LovaszError("data", `two losses of --loss would share the file ${twin}; leave out one of them`);
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
