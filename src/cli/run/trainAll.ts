// The trainings of a run, one after another.
import { type Device, LovaszError } from "../../index.js";
import type { Progress as Stand, Training } from "../model/course.js";
import type { NamedLoss } from "../model/losses.js";
import { train } from "../model/train.js";
import type { Checkpoints } from "./checkpoints.js";
import type { Interrupt } from "./interrupt.js";
import { type Plan, seedsOf } from "./plan.js";
import type { Progress } from "./progress.js";
import type { Data, Failure, Outcome } from "./run.js";

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
 * others: it is among the `failures`. Throws the first of them where there is nothing else.
 */
export async function trainAll(work: Work, data: Data, tools: Tools): Promise<{ outcomes: Outcome[]; failures: Failure[] }> {
  const { losses, recipe } = work.plan;
  const trainings: Training[] = [];
  const failures: Failure[] = [];
  for (const seed of seedsOf(recipe)) {
    for (const loss of losses) {
      if (tools.interrupt.code !== null && trainings.length > 0) break;
      try {
        trainings.push(await trainOne(loss, seed, work, data, tools));
      } catch (error) {
        if (!(error instanceof LovaszError && error.code === "nan")) throw error;
        failures.push({ loss: loss.name, seed, error });
      }
    }
  }
  if (trainings.length === 0) throw failures[0].error;
  const all = losses.map(({ name }) => ({ loss: name, trainings: trainings.filter(({ loss }) => loss === name) }));
  return { outcomes: all.filter((one) => one.trainings.length > 0), failures };
}

function trainOne(loss: NamedLoss, seed: number, work: Work, data: Data, { progress, interrupt, device, tell }: Tools): Promise<Training> {
  const { files, plan } = work;
  const { recipe } = plan;
  const name = recipe.seeds > 1 ? `${loss.name} seed ${seed}` : loss.name;
  let isTold = false;
  const watcher = {
    step: (running: { loss: number; epoch: number }) => progress.step(name, running, recipe.epochs),
    validated: ({ iou }: { iou: number }) => progress.validated(iou),
    stop: () => interrupt.code !== null,
    keep: (copy: () => Stand) => {
      try {
        files.save(loss.name, seed, copy());
      } catch (error) {
        // a full disk must not end hours of training, and may have space again after the next epoch
        if (isTold) return;
        isTold = true;
        tell(`the training of ${name} goes on, but its checkpoint cannot be written: ${(error as Error).message}`);
      }
    },
  };
  const start = { seed, weights: plan.start?.weights ?? null, progress: files.load(loss.name, seed) };
  return train(loss, recipe, start, data, watcher, device);
}
