// A whole run of `lovasz train`: read everything, train once for each loss, write everything, tell.
import { join, relative, resolve } from "node:path";
import type { TrainOptions } from "../commands/train.js";
import { readExample } from "../data/example.js";
import { readFolder } from "../data/folder.js";
import { split } from "../data/split.js";
import { Interrupted, WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { defaultLosses, parseLosses } from "../model/losses.js";
import { modelFile, modelName } from "../model/savedModel.js";
import { binaryTask, multiclassTask } from "../model/task.js";
import { type Recipe, stepsOf, type Training, train } from "../model/train.js";
import { report } from "../report/report.js";
import { Interrupt } from "./interrupt.js";
import { metrics } from "./metrics.js";
import { verdict } from "./outcome.js";
import { Progress } from "./progress.js";
import type { Data } from "./run.js";
import { RunFolder } from "./runFolder.js";
import { table } from "./table.js";

/** Carries out a call of `lovasz train`. Throws `Interrupted` when all is saved after Ctrl-C. */
export async function compare(options: TrainOptions, io: Io): Promise<void> {
  const classes = options.classes ?? null;
  const losses = parseLosses(options.loss ?? defaultLosses(classes), classes);
  const recipe = recipeOf(options);
  const data = await readData(options, recipe);
  const folder = await RunFolder.open(resolve(options.out ?? defaultFolder(new Date())));
  const progress = await Progress.open(
    io.stderr,
    losses.length * recipe.epochs * stepsOf(data.training.length, recipe),
    options.quiet ?? false,
  );
  const interrupt = new Interrupt(() => progress.note("stopping after this step; press Ctrl-C again to quit at once"));
  try {
    io.stdout.write(`${data.source}: ${data.training.length} pictures for training, ${data.validation.length} for validation\n`);
    const trainings: Training[] = [];
    for (const loss of losses) {
      if (interrupt.heard && trainings.length > 0) break;
      const watcher = {
        step: (running: { loss: number; epoch: number }) => progress.step(loss.name, running, recipe.epochs),
        validated: ({ iou }: { iou: number }) => progress.validated(iou),
        stop: () => interrupt.heard,
      };
      trainings.push(await train(loss, recipe, data.training, data.validation, watcher));
    }
    progress.close();
    const run = { recipe, data, trainings, interrupted: interrupt.heard };
    for (const { loss, state } of trainings)
      await folder.write(modelName(loss), modelFile(state, { loss, width: recipe.width, task: recipe.task }));
    await folder.write("report.html", await report(run));
    await folder.write("metrics.json", `${JSON.stringify(metrics(run), null, 2)}\n`);
    await folder.commit();
    io.stdout.write(`${await table(trainings)}\n${verdict(trainings)}\n`);
    io.stdout.write(`report: ${relative(".", join(folder.path, "report.html"))}\n`);
    if (interrupt.heard) throw new Interrupted("interrupted; these are the best models so far");
  } finally {
    progress.close();
    interrupt.close();
    await folder.discard();
  }
}

function recipeOf({ epochs, seed, batch = 4, width = 8, lr = 2e-3, example, classes }: TrainOptions): Recipe {
  return {
    task: classes === undefined ? binaryTask : multiclassTask(classes),
    epochs: epochs ?? (example ? 60 : 10),
    batch,
    width,
    lr,
    seed,
  };
}

async function readData(options: TrainOptions, { task, seed }: Recipe): Promise<Data> {
  const { data, val, example } = options;
  const ignore = options.ignore ?? null;
  if (example) return { ...(await readExample()), source: "water in satellite pictures, east for training and west for validation" };
  const folder = data as string;
  if (val === undefined) {
    return { ...split(await readFolder(folder, task, ignore), seed), source: `${folder}, a fifth of it held back for validation` };
  }
  if (resolve(folder) === resolve(val))
    throw new WrongCall("--val is the folder of --data; pass another one, or leave --val out to hold a fifth back");
  const training = await readFolder(folder, task, ignore);
  return { training, validation: await readFolder(val, task, ignore), source: `${folder}, validated on ${val}` };
}

function defaultFolder(now: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  return join("runs", `${date}-${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("")}`);
}
