// Carries out a run: reads the data, trains, writes and prints the results.
import { counted } from "../../counted.js";
import { type Device, LovaszError, openDevice } from "../../index.js";
import { tellDoubts } from "../doubts.js";
import { Interrupted, WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { plain } from "../plain.js";
import type { Checkpoints } from "./checkpoints.js";
import { examplesOf } from "./examples.js";
import { fingerprint } from "./fingerprint.js";
import { Interrupt } from "./interrupt.js";
import type { TrainOptions } from "./options.js";
import { verdict, warning } from "./outcome.js";
import { outputBytes } from "./outputBytes.js";
import { namesOf, type Plan, stepsLeft } from "./plan.js";
import { Progress } from "./progress.js";
import { readData } from "./readData.js";
import { filesOf } from "./results.js";
import type { Data, Run } from "./run.js";
import type { Files, RunFolder, Written } from "./runFolder.js";
import { howToGoOn, saved } from "./saved.js";
import { tables } from "./table.js";
import { trainAll } from "./trainAll.js";

/** All that a run works with. */
export interface Work {
  readonly options: TrainOptions;
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly files: Checkpoints;
  /** The folder that was asked for; null where the run chose it. */
  readonly asked: string | null;
}

/**
 * Throws `Interrupted` when all is saved after Ctrl-C, and the error of the first training that diverged in its first epoch, once the
 * results of all others are saved.
 */
export async function carryOut(work: Work, io: Io): Promise<void> {
  const { options, plan, folder, files } = work;
  let progress: Progress | null = null;
  const interrupt = new Interrupt(
    () => progress?.note("stopping after this step; press Ctrl-C again to quit at once"),
    () => progress?.close(),
  );
  let device: Device | null = null;
  try {
    const data = await readData(options);
    await refuseOther(files, data, options);
    reserve(folder, { names: namesOf(plan), bytes: outputBytes(plan.recipe, plan.losses.length, data.validation) });
    device = await openDevice(options.device);
    const tell = (line: string) => io.stdout.write(`${plain(line)}\n`);
    tellDoubts(data.doubts, io);
    tell(told(data));
    if (plan.start) tell(plan.start.note);
    if (interrupt.code !== null) {
      io.stdout.write(howToGoOn(folder.path));
      throw new Interrupted("interrupted before the first step", interrupt.code);
    }
    progress = await Progress.open(io.stderr, stepsLeft(plan, files, data), options.quiet ?? false);
    const trained = await trainAll(work, data, { progress, interrupt, device, tell });
    progress.close();
    await leave(work, { data, ...trained, interrupted: interrupt.code !== null }, io);
    if (interrupt.code !== null) throw new Interrupted("interrupted; these are the best models so far", interrupt.code);
    if (trained.failures.length > 0) throw trained.failures[0].error;
  } finally {
    progress?.close();
    interrupt.close();
    await device?.close();
  }
}

// writes and prints the results
async function leave(work: Work, found: Pick<Run, "data" | "outcomes" | "failures" | "interrupted">, io: Io): Promise<void> {
  const { options, plan, folder, asked } = work;
  const { data, outcomes, failures, interrupted } = found;
  const examples = await examplesOf(plan.recipe, data, outcomes);
  const run = { recipe: plan.recipe, ...found, from: options.from ?? null, device: options.device, examples };
  const results = filesOf(run);
  io.stdout.write(`${await tables(run)}\n${verdict(outcomes)}\n`);
  const warned = warning(outcomes, failures);
  if (warned) io.stdout.write(`${warned}\n`);
  const path = commit(work, results);
  if (!interrupted) folder.finish();
  io.stdout.write(saved(path, asked));
  if (interrupted) io.stdout.write(howToGoOn(folder.path));
}

// A run that is killed meanwhile knows by run.json which files are its own, and replaces them when it goes on.
function commit({ folder, files }: Work, results: Files): string {
  const begun = files.begun();
  const before = begun?.results ?? [];
  const own = [...new Set([...before, ...folder.absent([...results.keys()])])];
  if (begun) files.begin({ ...begun, results: own });
  return folder.commit(results, before);
}

// too little space is a wrong call, refused before the training
function reserve(folder: RunFolder, written: Written): void {
  try {
    folder.reserve(written);
  } catch (error) {
    if (error instanceof LovaszError) throw new WrongCall(error.message);
    throw error;
  }
}

// a run that goes on with other pictures would end as none that was not stopped
async function refuseOther(files: Checkpoints, data: Data, { data: folder }: TrainOptions): Promise<void> {
  const begun = files.begun();
  const found = await fingerprint(data);
  if (begun && begun.data === null) files.begin({ ...begun, data: found });
  if (!begun || begun.data === null || begun.data === found) return;
  const where = folder === undefined ? "the example" : folder;
  throw new LovaszError("data", `the pictures of ${where} are others than when the run was begun; bring them back, or begin a new run`);
}

function told({ source, training, validation }: Data): string {
  return `${source}: ${counted(training.length, "picture")} for training, ${validation.length} for validation`;
}
