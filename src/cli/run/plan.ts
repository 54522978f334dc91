// What a run trains: its losses, what they have in common, and the model to start from.
import { binaryTask, multiclassTask } from "../../model/task.js";
import { defaultLosses, type NamedLoss, parseLosses } from "../model/losses.js";
import type { Recipe } from "../model/recipe.js";
import { modelName } from "../model/savedModel.js";
import { stepsOf } from "../model/train.js";
import { type Checkpoints, trainingName } from "./checkpoints.js";
import type { TrainOptions } from "./options.js";
import { recipeOf } from "./recipe.js";
import { PAGES } from "./results.js";
import type { Data } from "./run.js";
import { type StartingModel, startingModel } from "./startingModel.js";

/** What is trained, and how. */
export interface Plan {
  readonly losses: readonly NamedLoss[];
  readonly recipe: Recipe;
  /** Where the trainings start; null where that is random. */
  readonly start: StartingModel | null;
}

/** The plan that `options` ask for; the model to start from lies in `file`. Throws `WrongCall`, and `LovaszError` where the model to start from cannot be read. */
export async function planOf(options: TrainOptions, file = options.from): Promise<Plan> {
  const classes = options.classes ?? null;
  const losses = parseLosses(options.loss ?? defaultLosses(classes), classes, options.classWeights);
  const task = classes === null ? binaryTask : multiclassTask(classes);
  const start = file === undefined ? null : await startingModel(file, task, options.from);
  return { losses, recipe: recipeOf(options, start?.architecture ?? null), start };
}

/** The seeds of a run. */
export const seedsOf = ({ seed, seeds }: Recipe) => Array.from({ length: seeds }, (_, i) => seed + i);

/** The names of all files of a run: its results, and those in checkpoint/, which are as long as those of models with several seeds. */
export function namesOf({ losses, recipe }: Plan): string[] {
  const longest = recipe.seed + recipe.seeds - 1;
  return [...losses.flatMap(({ name }) => [modelName(name), trainingName(name, longest)]), ...PAGES];
}

/** How many steps are left to take: what earlier parts of a run have done is not done again. */
export function stepsLeft({ losses, recipe }: Plan, files: Checkpoints, { training }: Data): number {
  const each = seedsOf(recipe).flatMap((seed) => losses.map(({ name }) => files.load(name, seed)));
  const left = each.map((one) => (one && !one.fit ? 0 : recipe.epochs - (one?.epochs.length ?? 0)));
  return left.reduce((sum, epochs) => sum + epochs, 0) * stepsOf(training.length, recipe);
}
