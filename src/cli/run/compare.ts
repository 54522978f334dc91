// A whole run of `lovasz train`: reads the data, trains once for each loss, writes and prints the results.
import { join } from "node:path";
import { counted } from "../../counted.js";
import { type Device, LovaszError, type nn, openDevice } from "../../index.js";
import { saveNetwork } from "../../model/saveNetwork.js";
import { binaryTask, multiclassTask } from "../../model/task.js";
import { tellDoubts } from "../doubts.js";
import { Interrupted, WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { defaultLosses, type NamedLoss, parseLosses } from "../model/losses.js";
import { modelName } from "../model/savedModel.js";
import { networkOf, type Recipe, stepsOf, type Training, train } from "../model/train.js";
import { plain } from "../plain.js";
import { report } from "../report/report.js";
import { absolute } from "../workingFolder.js";
import { examplesOf } from "./examples.js";
import { Interrupt } from "./interrupt.js";
import { metrics } from "./metrics.js";
import type { TrainOptions } from "./options.js";
import { verdict, warning } from "./outcome.js";
import { outputBytes } from "./outputBytes.js";
import { Progress } from "./progress.js";
import { readData } from "./readData.js";
import type { Data, Outcome, Run } from "./run.js";
import { RunFolder } from "./runFolder.js";
import { saved } from "./saved.js";
import { bestTraining } from "./statistics.js";
import { tables } from "./table.js";

/**
 * Carries out a call of `lovasz train`. Throws `Interrupted` when all is saved after Ctrl-C, and the error of the first loss
 * that diverged in its first epoch, once the results of all other losses are saved.
 */
export async function compare(options: TrainOptions, io: Io): Promise<void> {
  const classes = options.classes ?? null;
  const losses = parseLosses(options.loss ?? defaultLosses(classes), classes);
  const recipe = recipeOf(options);
  const names = [...losses.map(({ name }) => modelName(name)), ...PAGES];
  // refuses an unusable folder before reading the pictures, which may take long
  openFolder(options.out, names, 0);
  const data = await readData(options);
  const device = await openDevice(options.device);
  const folder = openFolder(options.out, names, outputBytes(recipe, losses.length, data.validation));
  const steps = losses.length * recipe.epochs * stepsOf(data.training.length, recipe);
  const progress = await Progress.open(io.stderr, steps, options.quiet ?? false);
  const interrupt = new Interrupt(
    () => progress.note("stopping after this step; press Ctrl-C again to quit at once"),
    () => progress.close(),
  );
  try {
    tellDoubts(data.doubts, io);
    io.stdout.write(`${told(data)}\n`);
    const { outcomes, failure } = await trainAll(losses, recipe, data, progress, interrupt, device);
    progress.close();
    const examples = await examplesOf(recipe, data, outcomes);
    const run = { recipe, data, outcomes, interrupted: interrupt.code !== null, examples };
    const files = filesOf(run);
    io.stdout.write(`${await tables(outcomes, recipe.task.classes !== null)}\n${verdict(outcomes)}\n`);
    if (warning(outcomes)) io.stdout.write(`${warning(outcomes)}\n`);
    io.stdout.write(saved(folder.commit(files), options.out === undefined ? null : folder.path));
    if (interrupt.code !== null) throw new Interrupted("interrupted; these are the best models so far", interrupt.code);
    if (failure) throw failure;
  } finally {
    progress.close();
    interrupt.close();
    await device.close();
  }
}

// a folder that cannot take the results is a wrong call, refused before the training
function openFolder(out: string | undefined, names: readonly string[], bytes: number): RunFolder {
  try {
    return RunFolder.open(absolute(out ?? defaultFolder(new Date())), names, { own: out === undefined, bytes });
  } catch (error) {
    if (error instanceof LovaszError) throw new WrongCall(error.message);
    throw error;
  }
}

const PAGES = ["report.html", "metrics.json"] as const;

function told({ source, training, validation }: Data): string {
  return plain(`${source}: ${counted(training.length, "picture")} for training, ${validation.length} for validation`);
}

// Trains with one loss after another, until the call is interrupted. A loss that diverges at once must not lose the results before it.
async function trainAll(
  losses: readonly NamedLoss[],
  recipe: Recipe,
  { training, validation }: Data,
  progress: Progress,
  interrupt: Interrupt,
  device: Device,
): Promise<{ outcomes: Outcome[]; failure: LovaszError | null }> {
  const trainings: Training[] = [];
  let failure: LovaszError | null = null;
  for (const loss of losses) {
    if (interrupt.code !== null && trainings.length > 0) break;
    const watcher = {
      step: (running: { loss: number; epoch: number }) => progress.step(loss.name, running, recipe.epochs),
      validated: ({ iou }: { iou: number }) => progress.validated(iou),
      stop: () => interrupt.code !== null,
    };
    try {
      trainings.push(await train(loss, recipe, training, validation, watcher, device));
    } catch (error) {
      if (!(error instanceof LovaszError && error.code === "nan")) throw error;
      failure ??= error;
    }
  }
  if (failure && trainings.length === 0) throw failure;
  return { outcomes: trainings.map((one) => ({ loss: one.loss, trainings: [one] })), failure };
}

function filesOf(run: Run): Map<string, string | Uint8Array> {
  const [page, numbers] = PAGES;
  return new Map<string, string | Uint8Array>([
    ...run.outcomes.map((one) => [modelName(one.loss), modelFile(run, one.loss, bestTraining(one).state)] as const),
    [page, report(run)],
    [numbers, `${JSON.stringify(metrics(run), null, 2)}\n`],
  ]);
}

function modelFile({ recipe, data: { ignore, threshold } }: Run, loss: string, state: nn.StateDict): Uint8Array {
  const network = networkOf(recipe, state);
  try {
    return saveNetwork({ network, loss, ignore, threshold });
  } finally {
    network.dispose();
  }
}

function recipeOf({ epochs, seed, batch, width, lr, example, classes }: TrainOptions): Recipe {
  return {
    task: classes === undefined ? binaryTask : multiclassTask(classes),
    epochs: epochs ?? (example ? 60 : 10),
    batch,
    width,
    lr,
    seed,
  };
}

function defaultFolder(now: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  return join("runs", `${date}-${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("")}`);
}
