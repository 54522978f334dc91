// A finished run, made up: for tables, metrics and reports.

import type { Training } from "../../../src/cli/model/course.js";
import type { Recipe } from "../../../src/cli/model/recipe.js";
import type { Outcome, Run } from "../../../src/cli/run/run.js";
import { binaryTask } from "../../../src/model/task.js";
import { noise, noisePicture } from "./samples.js";

/** A recipe of `lovasz train`, small. */
export function recipe({ width = 8, ...more }: Partial<Recipe> & { width?: number } = {}): Recipe {
  return {
    task: binaryTask,
    architecture: { network: "unet", width, levels: 3, norm: "none", upsample: "nearest", dropout: 0 },
    ...{ epochs: 2, batch: 4, lr: 0.002, schedule: "cosine", optimizer: "adam", augment: "turns" },
    ...{ clip: null, ema: null, lossWarmup: 0, classWeights: null, patience: null, seed: 7, seeds: 1 },
    ...more,
  };
}

/** An outcome of `loss`, of one picture of 8 x 8 pixels. */
export function training(loss: string, more: Partial<Training> = {}): Training {
  const epochs = [0.2, 0.6].map((iou, i) => ({ epoch: i + 1, loss: 1 / (i + 1), iou }));
  return {
    loss,
    seed: 7,
    epochs,
    bestEpoch: 2,
    iou: 0.6,
    meanImageIoU: 0.5,
    dice: 0.75,
    diverged: null,
    interrupted: false,
    seconds: 12.345,
    state: {},
    imageIoUs: [0.5],
    classIoUs: [0.9, 0.6],
    confusion: [
      [40, 6],
      [0, 18],
    ],
    ...more,
  };
}

/** `trainings` by their losses, in the order of the first of each. */
export function outcomesOf(trainings: readonly Training[]): Outcome[] {
  const losses = [...new Set(trainings.map(({ loss }) => loss))];
  return losses.map((loss) => ({ loss, trainings: trainings.filter((one) => one.loss === loss) }));
}

/** A run over one training and one validation picture. */
export function run(trainings: readonly Training[], more: Partial<Run> = {}): Run {
  const outcomes = outcomesOf(trainings);
  return {
    recipe: recipe(),
    data: {
      training: [noisePicture(8, 8, 1)],
      validation: [noisePicture(8, 8, 2)],
      source: "cells",
      ignore: null,
      threshold: null,
      classNames: null,
      doubts: [],
    },
    outcomes,
    failures: [],
    interrupted: false,
    from: null,
    device: "wasm",
    examples: [{ sample: noise(8, 8, 2), predictions: outcomes.map(() => new Uint8Array(64).fill(1)), ious: outcomes.map(() => 0.5) }],
    ...more,
  };
}
