// metrics.json: everything a run measured, for programs.

import { threads } from "../../index.js";
import { modelName } from "../model/savedModel.js";
import { version } from "../version.js";
import { verdict, winner } from "./outcome.js";
import type { Run } from "./run.js";

/** The contents of metrics.json. */
export function metrics({ recipe, data, trainings, interrupted }: Run) {
  const { task, ...config } = recipe;
  return {
    version,
    interrupted,
    config: {
      ...config,
      threads: threads(),
      classes: task.classes,
      ignore: data.ignore,
      threshold: data.threshold,
      data: data.source,
      training: data.training.length,
      validation: data.validation.length,
    },
    winner: winner(trainings).loss,
    verdict: verdict(trainings),
    losses: trainings.map(({ loss, iou, meanImageIoU, dice, bestEpoch, diverged, seconds, epochs }) => {
      return { loss, model: modelName(loss), iou, meanImageIoU, dice, bestEpoch, diverged, seconds, epochs };
    }),
  };
}
