// The folder of a run. While the run is under way it holds checkpoint/; results come at the end, all or none, and over nothing of others.
import { randomUUID } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LovaszError } from "../../index.js";
import { rename } from "../rename.js";
import { ASIDE, attempt, makeAside, nearestOf, tryOut } from "../tryOut.js";

/** Files by name. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** What a run writes. */
export interface Written {
  /** The names of its files. */
  readonly names: readonly string[];
  /** How many bytes all files have together. */
  readonly bytes?: number;
}

/** The folder in a run's folder from which the run can go on. */
export const CHECKPOINT = "checkpoint";

const SHORTEN = "shorten that loss of --loss to fewer terms, or choose a shorter path with --out";

/**
 * The folder of a run. Its methods are synchronous, so that no signal is handled between two files.
 */
export class RunFolder {
  /** Where it is. */
  readonly path: string;
  // the first of the folders that were made for it
  readonly #made: string | undefined;

  private constructor(path: string, made?: string) {
    this.path = path;
    this.#made = made;
  }

  /**
   * Checks that these files can be written to `path`, which may exist if it is empty, and leaves no trace; throws `LovaszError` "data"
   * where they cannot.
   */
  static check(path: string, { names, bytes = 0 }: Written): void {
    attempt(path, () => {
      if (nearestOf(path) === path && isFolder(path)) refuseFull(path);
      refuseTwins(names);
      tryOut(path, { names, bytes, shorten: SHORTEN });
    });
  }

  /**
   * Makes the folder `path`, which may exist if it is empty, with checkpoint/ in it; throws `LovaszError` "data" as `check` does. If `own`,
   * the run chose the path itself: where it is taken, the folder is named with "-2" and so on.
   */
  static claim(path: string, written: Written, { own = false } = {}): RunFolder {
    return attempt(path, () => {
      const free = own ? freeName(path) : path;
      RunFolder.check(free, written);
      const made = mkdirSync(free, { recursive: true });
      // of two runs at once, one fails here
      mkdirSync(join(free, CHECKPOINT));
      return new RunFolder(free, made);
    });
  }

  /** The folder at `path` of a run that was begun earlier. */
  static reopen(path: string): RunFolder {
    return new RunFolder(path);
  }

  /** Where the run keeps what it needs to go on. */
  get checkpoint(): string {
    return join(this.path, CHECKPOINT);
  }

  /**
   * Writes all files or none. It overwrites nothing but `own`, results of the same run before it was continued: where something else has
   * appeared at `path`, it writes to a folder beside it, named with "-2" and so on. Returns the path of the folder with the files.
   */
  commit(files: Files, own: readonly string[] = []): string {
    return attempt(
      this.path,
      () => {
        const { path } = this;
        if (!isFolder(path)) return beside(path, files);
        return firstOf([
          () => fill(path, files, own),
          () => beside(path, files),
          // the folder above may belong to somebody else
          () => beside(join(path, "run"), files),
        ]);
      },
      "make room for it, and go on with --resume",
    );
  }

  /** Those of `names` that are not in the folder. */
  absent(names: readonly string[]): string[] {
    return isFolder(this.path) ? names.filter((name) => !lstatSync(join(this.path, name), { throwIfNoEntry: false })) : [];
  }

  /** Removes what the run had not ended to write when it was killed. */
  tidy(): void {
    const left = readdirSync(this.path).filter((name) => name.startsWith(ASIDE));
    for (const name of left) rmSync(join(this.path, name), { recursive: true, force: true });
  }

  /** Checks once more, with what is known now, that the files can be written, and leaves no trace. Throws `LovaszError` "data". */
  reserve({ names, bytes = 0 }: Written): void {
    attempt(this.path, () => tryOut(join(this.checkpoint, "results"), { names, bytes, shorten: SHORTEN }));
  }

  /** Removes checkpoint/: the run has ended, and nothing is left to continue. */
  finish(): void {
    // it may have been taken away
    if (!isFolder(this.checkpoint)) return;
    attempt(this.path, () => {
      // a run that is killed here must not find half of it
      const aside = join(this.path, `${ASIDE}${randomUUID()}`);
      rename(this.checkpoint, aside);
      rmSync(aside, { recursive: true, force: true });
    });
  }

  /** Removes all that `claim` made. */
  abandon(): void {
    this.finish();
    if (this.#made && isFolder(this.path)) removeEmpty(this.path, this.#made);
  }
}

// `path`, or the first of path-2, path-3 and so on where nothing is
function freeName(path: string): string {
  for (let number = 1; ; number++) {
    const free = number === 1 ? path : `${path}-${number}`;
    if (!lstatSync(free, { throwIfNoEntry: false })) return free;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // nothing is there, or a file is above it
    return false;
  }
}

function refuseFull(path: string): void {
  if (existsSync(join(path, CHECKPOINT, "run.json"))) {
    throw new Error("it holds a run that was stopped or is under way; lovasz train --resume goes on with it");
  }
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

// into `path`, a folder that holds nothing but checkpoint/ and `own` files
function fill(path: string, files: Files, own: readonly string[]): string {
  return writeAside(path, files, (aside) => {
    const known = new Set([CHECKPOINT, basename(aside), ...own]);
    if (readdirSync(path).some((name) => !known.has(name))) throw new Error("it was filled while the run was under way");
    const placed: string[] = [];
    try {
      for (const name of files.keys()) {
        rename(join(aside, name), join(path, name));
        if (!own.includes(name)) placed.push(name);
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
    for (;;) {
      const free = freeName(path);
      try {
        rename(aside, free);
        return free;
      } catch (error) {
        // taken since
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
