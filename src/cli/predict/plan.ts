// Which files `lovasz predict` writes. Whatever could be lost by that is found before the first picture is decoded.
import { lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import type { DataFile } from "../data/files.js";
import { WrongCall } from "../exits.js";
import { attempt, tryOut } from "../tryOut.js";
import type { PredictOptions } from "./options.js";
import { isOwn } from "./ownPng.js";

/** A picture, and the paths of the files that are made of it; null for those that nobody wants. */
export interface Job {
  /** The path of the picture in its folder, without extension. */
  readonly stem: string;
  readonly picture: DataFile;
  readonly mask: string;
  readonly overlay: string | null;
  readonly probability: string | null;
}

const CURE = "choose another folder with --out";

/**
 * What becomes of `pictures`, by stem, in the folder `out`, an absolute path. Throws `WrongCall` where two files would have one name, a file
 * exists that `lovasz predict` did not write, or `out` cannot be written to.
 */
export function plan(pictures: ReadonlyMap<string, DataFile>, out: string, { overlay, probabilities }: PredictOptions): Job[] {
  const jobs = [...pictures].map(([stem, picture]): Job => {
    const named = (kind: string) => join(out, `${stem}${kind}.png`);
    return {
      stem,
      picture,
      mask: named(""),
      overlay: overlay ? named(".overlay") : null,
      probability: probabilities ? named(".probability") : null,
    };
  });
  refuseTwins(jobs, out);
  refuseForeign(jobs);
  try {
    for (const [folder, names] of byFolder(jobs)) {
      const shorten = "rename the picture, or choose a shorter path with --out";
      attempt(folder, () => tryOut(folder, { names: [longest(names)], shorten }));
    }
  } catch (error) {
    if (error instanceof LovaszError) throw new WrongCall(error.message);
    throw error;
  }
  return jobs;
}

/** The files of a job. */
export function targetsOf({ mask, overlay, probability }: Job): string[] {
  return [overlay, probability, mask].filter((target) => target !== null);
}

// these systems take "A.png" and "a.png" for one file
const keyOf = (path: string) => (["darwin", "win32"].includes(process.platform) ? path.toLowerCase() : path);

function refuseTwins(jobs: readonly Job[], out: string): void {
  const writers = new Map<string, Job>();
  const refuse = (target: string, one: Job, other: Job) => {
    const both = `${one.picture.shown} and ${other.picture.shown}`;
    throw new WrongCall(`the results of ${both} would both take the name ${target}; rename one of them`);
  };
  for (const job of jobs) {
    for (const target of targetsOf(job)) {
      const other = writers.get(keyOf(target));
      if (other) refuse(target, other, job);
      writers.set(keyOf(target), job);
    }
  }
  // a subfolder may be named as a picture is
  for (const job of jobs) {
    for (let folder = dirname(job.mask); folder.length > out.length; folder = dirname(folder)) {
      const other = writers.get(keyOf(folder));
      if (other) refuse(folder, other, job);
    }
  }
}

function refuseForeign(jobs: readonly Job[]): void {
  const foreign = jobs.flatMap(targetsOf).filter((target) => !mayWrite(target));
  const [first, ...further] = foreign;
  if (first === undefined) return;
  const inputs = new Set(jobs.map(({ picture }) => realOf(picture.path)));
  inputs.delete(null);
  const more = further.length > 0 ? ` (and ${counted(further.length, "more file")} in the way)` : "";
  const what = statSync(first, { throwIfNoEntry: false })?.isDirectory()
    ? "is a folder"
    : inputs.has(realOf(first))
      ? "is a picture of --data"
      : "exists, and lovasz predict did not write it";
  throw new WrongCall(`${first} ${what}${more}; ${CURE}`);
}

/** Whether nothing would be lost if `target` were written. */
export function mayWrite(target: string): boolean {
  try {
    return lstatSync(target, { throwIfNoEntry: false }) === undefined || isOwn(target);
  } catch {
    // its name or folder is of no use, as is found out next
    return true;
  }
}

// null for a link to nothing
function realOf(path: string | Buffer): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function byFolder(jobs: readonly Job[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const target of jobs.flatMap(targetsOf)) {
    const names = folders.get(dirname(target));
    if (names) names.push(basename(target));
    else folders.set(dirname(target), [basename(target)]);
  }
  return folders;
}

function longest(names: readonly string[]): string {
  return names.reduce((most, name) => (Buffer.byteLength(name) > Buffer.byteLength(most) ? name : most));
}
