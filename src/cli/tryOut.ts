// Tries out whether files can be written to a folder, before the work that makes them.
import { randomUUID } from "node:crypto";
import { closeSync, lstatSync, mkdirSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { LovaszError } from "../index.js";

// a longer name or path would crowd out the remainder of the message
const MOST_TOLD = 200;

/** How the names of temporary files and folders begin: a process that is killed leaves them. */
export const ASIDE = ".lovasz-";

/** What is to be written. */
export interface Planned {
  /** Names of files. */
  readonly names: readonly string[];
  /** How many bytes all files have together. */
  readonly bytes?: number;
  /** What to do where a name is too long. */
  readonly shorten: string;
}

/**
 * Does all that writing to the folder `path` needs, and undoes it: reported limits of file systems and disks may be wrong. Throws
 * `LovaszError` "data" where a name is too long, and an Error for whatever else stands against it: see `attempt`.
 */
export function tryOut(path: string, { names, bytes = 0, shorten }: Planned): void {
  const nearest = nearestOf(path);
  if (!statSync(nearest).isDirectory()) throw new Error(`${nearest} is a file`);
  const aside = makeAside(nearest);
  try {
    // no path of the files is longer
    const folder = join(aside, relative(nearest, path));
    mkdirSync(folder, { recursive: true });
    for (const name of names) tryName(folder, name, path, shorten);
    trySize(folder, bytes);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The nearest existing path from `path` upwards: a folder, or what blocks one. */
export function nearestOf(path: string): string {
  try {
    lstatSync(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    return nearestOf(dirname(path));
  }
}

/** A new folder in `folder`, of a name that nobody else has. */
export function makeAside(folder: string): string {
  const aside = join(folder, `${ASIDE}${randomUUID()}`);
  mkdirSync(aside);
  return aside;
}

/** The result of `work`, whose errors become a `LovaszError` "data" that says why `path` cannot be written to, and the `cure`. */
export function attempt<T>(path: string, work: () => T, cure = "choose another folder with --out"): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof LovaszError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENAMETOOLONG" ? "its path is too long" : message;
    throw new LovaszError("data", `${short(path)} cannot be written to: ${why}; ${cure}`, { cause });
  }
}

function tryName(folder: string, name: string, path: string, shorten: string): void {
  try {
    writeFileSync(join(folder, name), "", { flag: "wx" });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Windows says ENOENT
    if (code !== "ENAMETOOLONG" && code !== "ENOENT") throw cause;
    throw new LovaszError("data", `the name ${short(name)} is too long for a file in ${short(path)}; ${shorten}`, { cause });
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

function short(name: string): string {
  return name.length > MOST_TOLD ? `${name.slice(0, MOST_TOLD / 4)}... (${name.length} characters)` : name;
}
