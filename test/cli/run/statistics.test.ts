import { expect, test } from "vitest";
import { bestTraining, deviationOf, meanClassIoUs, meanMeasure, meanOf, worstTraining } from "../../../src/cli/run/statistics.js";
import { outcomesOf, training } from "../helpers/runs.js";

test("mean and sample deviation", () => {
  expect(meanOf([1, 2, 6])).toBe(3);
  // (4 + 1 + 9) / 2
  expect(deviationOf([1, 2, 6])).toBeCloseTo(Math.sqrt(7), 12);
  expect(deviationOf([3])).toBeNull();
});

test("best, worst and mean over the seeds of a loss", () => {
  const trainings = [0.5, 0.8, 0.5, 0.8].map((iou, seed) => training("bce", { seed, iou, dice: seed }));
  const [outcome] = outcomesOf(trainings);
  expect(bestTraining(outcome)).toBe(trainings[1]);
  expect(worstTraining(outcome)).toBe(trainings[0]);
  expect(meanMeasure(outcome, "dice")).toBe(1.5);
});

test("the IoU of a class is the mean over the seeds that have it", () => {
  const [outcome] = outcomesOf([
    training("ce", { seed: 0, classIoUs: [0.5, null, null] }),
    training("ce", { seed: 1, classIoUs: [0.7, 0.2, null] }),
  ]);
  expect(meanClassIoUs(outcome)).toEqual([0.6, 0.2, null]);
});
