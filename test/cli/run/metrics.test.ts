import { expect, test } from "vitest";
import { metrics } from "../../../src/cli/run/metrics.js";
import { version } from "../../../src/cli/version.js";
import { multiclassTask } from "../../../src/model/task.js";
import { run, training } from "../helpers/runs.js";

test("metrics hold what was measured and how, in JSON", () => {
  const made = run([training("bce"), training("dice", { iou: 0.9, diverged: 2 })], { interrupted: true });
  const all = metrics({ ...made, recipe: { ...made.recipe, task: multiclassTask(3) } });
  expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  expect(all).toMatchObject({
    version,
    interrupted: true,
    config: {
      epochs: 2,
      batch: 4,
      width: 8,
      lr: 0.002,
      seed: 7,
      threads: 1,
      from: null,
      device: "wasm",
      classes: 3,
      data: "cells",
      training: 1,
      validation: 1,
    },
    winner: "dice",
    verdict: expect.stringMatching(/^dice is ahead of bce/),
  });
  expect(all.config).not.toHaveProperty("classNames");
  const named = metrics({ ...made, data: { ...made.data, ignore: [254, 255], classNames: ["sky", "car"] } });
  expect(named.config).toMatchObject({ ignore: [254, 255], classNames: ["sky", "car"] });
  expect(all.losses.map(({ loss, model, diverged }) => [loss, model, diverged])).toEqual([
    ["bce", "bce.safetensors", null],
    ["dice", "dice.safetensors", 2],
  ]);
  expect(all.losses[0]).toMatchObject({ iou: 0.6, meanImageIoU: 0.5, dice: 0.75, bestEpoch: 2, seconds: 12.345 });
  expect(all.losses[0].seeds).toMatchObject([{ seed: 7, model: "bce.safetensors", iou: 0.6, classIoUs: [0.9, 0.6] }]);
  const several = metrics({ ...made, recipe: { ...made.recipe, seeds: 2 } });
  expect(several.losses[0].seeds[0].model).toBe("bce.seed-7.safetensors");
  expect(all.losses[0].confusion).toEqual(made.outcomes[0].trainings[0].confusion);
  expect(all.losses[0].seeds[0]).not.toHaveProperty("state");
  expect(all.losses[0].epochs).toEqual(made.outcomes[0].trainings[0].epochs);
});
