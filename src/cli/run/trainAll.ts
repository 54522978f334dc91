// The trainings of a run, one after another.
import { type Device, LovaszError } from "../../index.js";
import type { Progress as Stand, Training } from "../model/course.js";
import type { NamedLoss } from "../model/losses.js";
import { train } from "../model/train.js";
import type { Checkpoints } from "./checkpoints.js";
import type { Interrupt } from "./interrupt.js";
import { type Plan, seedsOf } from "./plan.js";
import type { Progress } from "./progress.js";
import type { Data, Outcome } from "./run.js";

/** What is trained, where that is written down, and on which pictures. */
interface Work {
  readonly plan: Plan;
  readonly files: Checkpoints;
}

/** What a training needs besides its work. */
interface Tools {
  readonly progress: Progress;
  readonly interrupt: Interrupt;
  readonly device: Device;
  /** Says a line to whoever called. */
  readonly tell: (line: string) => void;
}

/**
 * Trains by each loss with one seed after another, until the call is interrupted. One that diverges in its first epoch does not lose the
 * others: it is the `failure`, which is thrown where there are no others.
 */
export async function trainAll(work: Work, data: Data, tools: Tools): Promise<{ outcomes: Outcome[]; failure: LovaszError | null }> {
  const { losses, recipe } = work.plan;
  const trainings: Training[] = [];
  let failure: LovaszError | null = null;
  for (const seed of seedsOf(recipe)) {
    for (const loss of losses) {
      if (tools.interrupt.code !== null && trainings.length > 0) break;
      try {
        trainings.push(await trainOne(loss, seed, work, data, tools));
      } catch (error) {
        if (!(error instanceof LovaszError && error.code === "nan")) throw error;
        failure ??= error;
      }
    }
  }
  if (failure && trainings.length === 0) throw failure;
  const all = losses.map(({ name }) => ({ loss: name, trainings: trainings.filter(({ loss }) => loss === name) }));
  return { outcomes: all.filter((one) => one.trainings.length > 0), failure };
}

function trainOne(loss: NamedLoss, seed: number, work: Work, data: Data, { progress, interrupt, device, tell }: Tools): Promise<Training> {
  const { files, plan } = work;
  const { recipe } = plan;
  const name = recipe.seeds > 1 ? `${loss.name} seed ${seed}` : loss.name;
  let isKept = true;
  const watcher = {
    step: (running: { loss: number; epoch: number }) => progress.step(name, running, recipe.epochs),
    validated: ({ iou }: { iou: number }) => progress.validated(iou),
    stop: () => interrupt.code !== null,
    keep: (copy: () => Stand) => {
      if (!isKept) return;
      try {
        files.save(loss.name, seed, copy());
      } catch (error) {
        // a full disk must not end hours of training
        isKept = false;
        tell(`the training of ${name} goes on, but could not be continued from its later epochs: ${(error as Error).message}`);
      }
    },
  };
  const start = { seed, weights: plan.start?.weights ?? null, progress: files.load(loss.name, seed) };
  return train(loss, recipe, start, data, watcher, device);
}
