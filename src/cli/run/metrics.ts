// metrics.json: everything a run measured, for programs.

import { threads } from "../../index.js";
import { modelName } from "../model/savedModel.js";
import { version } from "../version.js";
import { trainingName } from "./checkpoints.js";
import { comparisons, winner } from "./comparison.js";
import { verdict } from "./outcome.js";
import type { Outcome, Run } from "./run.js";
import { bestTraining, deviationOf, meanClassIoUs, meanMeasure, meanOf } from "./statistics.js";

/** The contents of metrics.json. */
export function metrics({ recipe, data, outcomes, failures, interrupted, from, device }: Run) {
  const { task, architecture, ...config } = recipe;
  return {
    version,
    interrupted,
    config: {
      ...architecture,
      ...config,
      from,
      device,
      threads: threads(),
      classes: task.classes,
      ignore: data.ignore,
      threshold: data.threshold,
      ...(data.classNames && { classNames: data.classNames }),
      data: data.source,
      training: data.training.length,
      validation: data.validation.length,
    },
    winner: winner(outcomes).loss,
    verdict: verdict(outcomes),
    differences: [...comparisons(outcomes, "iou"), ...comparisons(outcomes, "meanImageIoU")],
    // what diverged in its first epoch, and so is in no mean
    failed: failures.map(({ loss, seed, error }) => ({ loss, seed, message: error.message })),
    losses: outcomes.map((one) => lossOf(one, recipe.seeds)),
  };
}

// The numbers of the loss are means over its seeds; the model, its epochs and confusion matrix are those of the best seed.
function lossOf(outcome: Outcome, seeds: number) {
  const { loss, trainings } = outcome;
  const { seed, bestEpoch, diverged, epochs, confusion } = bestTraining(outcome);
  const means = {
    iou: meanMeasure(outcome, "iou"),
    meanImageIoU: meanMeasure(outcome, "meanImageIoU"),
    dice: meanMeasure(outcome, "dice"),
  };
  return {
    loss,
    model: modelName(loss),
    seed,
    ...means,
    deviation: deviationOf(trainings.map(({ iou }) => iou)),
    classIoUs: meanClassIoUs(outcome),
    bestEpoch,
    diverged,
    seconds: meanOf(trainings.map((one) => one.seconds)),
    confusion,
    epochs,
    seeds: trainings.map(({ state, loss: _, imageIoUs, confusion: __, ...training }) => {
      return { ...training, model: seeds > 1 ? trainingName(loss, training.seed) : modelName(loss) };
    }),
  };
}
