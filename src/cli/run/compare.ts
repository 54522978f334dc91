// The folder of a call of `lovasz train`, which begins a run or goes on with one.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LovaszError, threads } from "../../index.js";
import { Interrupted, WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { version } from "../version.js";
import { absolute } from "../workingFolder.js";
import { carryOut, type Work } from "./carryOut.js";
import { Checkpoints } from "./checkpoints.js";
import { lock } from "./lock.js";
import type { TrainOptions } from "./options.js";
import { namesOf, planOf } from "./plan.js";
import { RunFolder, type Written } from "./runFolder.js";
import { howToGoOn } from "./saved.js";

/** Begins the run that `options` ask for. Throws what `carryOut` does, and `WrongCall` where its folder cannot be written to. */
export async function compare(options: TrainOptions, io: Io): Promise<void> {
  const plan = await planOf(options);
  // refuses an unusable folder before reading the pictures, which may take long
  const folder = claim(options.out, { names: namesOf(plan) });
  const files = new Checkpoints(folder.checkpoint);
  try {
    await alone({ options, plan, folder, files, asked: options.out === undefined ? null : folder.path }, io, () => {
      if (options.from !== undefined) files.write(FROM, readFileSync(options.from));
      files.begin({ version, options: withAbsolutePaths(options), threads: threads(), data: null, results: [] });
    });
  } catch (error) {
    if (!(error instanceof Interrupted || files.hasProgress)) folder.abandon();
    throw error;
  }
}

/**
 * Goes on with the run in the folder `path`, which was begun with `begun`, as if it had not been stopped. Throws what `carryOut` does, and
 * `WrongCall` where another process trains it.
 */
export async function goOn(path: string, begun: TrainOptions, { quiet }: { quiet?: boolean }, io: Io): Promise<void> {
  const folder = RunFolder.reopen(path);
  const files = new Checkpoints(folder.checkpoint);
  const options = { ...begun, quiet };
  const plan = await planOf(options, begun.from && files.path(FROM));
  await alone({ options, plan, folder, files, asked: path }, io, () => {
    files.tidy();
    folder.tidy();
  });
}

// does the work while no other process does
async function alone(work: Work, io: Io, prepare: () => void): Promise<void> {
  const { files, folder } = work;
  const unlock = lock(files.path(LOCK), folder.path);
  try {
    prepare();
    await carryOut(work, io);
  } catch (error) {
    const isTold = error instanceof Interrupted || error instanceof WrongCall;
    if (files.hasProgress && !isTold) io.stdout.write(howToGoOn(folder.path));
    throw error;
  } finally {
    unlock();
  }
}

export { begunAt } from "./resume.js";

const LOCK = "lock";
const FROM = "from.safetensors";

// a folder that cannot take the results is a wrong call, refused before the training
function claim(out: string | undefined, written: Written): RunFolder {
  try {
    return RunFolder.claim(absolute(out ?? defaultFolder(new Date())), written, { own: out === undefined });
  } catch (error) {
    if (error instanceof LovaszError) throw new WrongCall(error.message);
    throw error;
  }
}

function withAbsolutePaths(options: TrainOptions): TrainOptions {
  const own: Partial<Record<string, unknown>> = { ...options };
  for (const key of ["data", "val", "colours", "from", "out"]) if (typeof own[key] === "string") own[key] = absolute(own[key]);
  return own as unknown as TrainOptions;
}

function defaultFolder(now: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  return join("runs", `${date}-${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("")}`);
}
