import { expect, test } from "vitest";
import type { Training } from "../../../src/cli/model/course.js";
import { intervalOf, percent, points, score, verdict, warning } from "../../../src/cli/run/outcome.js";
import { outcomesOf, training } from "../helpers/runs.js";

const one = (loss: string, iou: number, more: Partial<Training> = {}) => training(loss, { iou, ...more });
const seeds = (loss: string, ious: readonly number[]) => ious.map((iou, seed) => one(loss, iou, { seed }));

test("the verdict names both losses and the gap, and warns of a single seed", () => {
  expect(verdict(outcomesOf([one("bce", 0.7), one("dice", 0.8)]))).toBe(
    "dice is ahead of bce by 10.0 points of validation IoU (80.0 % against 70.0 %); this is one seed: try --seeds 5 before you trust it.",
  );
});

test("the verdict calls a small gap a tie", () => {
  expect(verdict(outcomesOf([one("focal", 0.797), one("bce", 0.7), one("dice", 0.8)]))).toBe(
    "dice and focal tie within 0.3 points of validation IoU (80.0 % against 79.7 %): on these data, neither is shown to be better.",
  );
});

test("one loss alone is compared with nothing", () => {
  expect(verdict(outcomesOf([one("bce", 0.7)]))).toBe("bce reaches a validation IoU of 70.0 %; there is nothing to compare it with.");
  expect(verdict(outcomesOf(seeds("bce", [0.7, 0.8])))).toBe(
    "bce reaches a validation IoU of 75.0 ± 7.1 % in mean over 2 seeds; there is nothing to compare it with.",
  );
});

test("over several seeds, a loss is better where the interval of the paired differences is above 0", () => {
  const outcomes = outcomesOf([...seeds("bce", [0.5, 0.6, 0.7, 0.8, 0.9]), ...seeds("dice", [0.53, 0.62, 0.73, 0.82, 0.93])]);
  // seeds vary by far more than the difference, which they share
  expect(verdict(outcomes)).toMatch(
    /^dice is better than bce by 2\.6 points of validation IoU in mean over 5 seeds \(95 % interval 2\.\d to 3\.0; 72\.6 ± 15\.8 % against 70\.0 ± 15\.8 %\)\.$/,
  );
});

test("over several seeds, losses are not distinguishable where the interval holds 0", () => {
  const outcomes = outcomesOf([...seeds("bce", [0.5, 0.6, 0.7]), ...seeds("dice", [0.6, 0.5, 0.72])]);
  expect(verdict(outcomes)).toMatch(
    /^dice and bce are not distinguishable: they differ by 0\.7 points of validation IoU in mean over 3 seeds \(95 % interval -10\.0 to 10\.0; .*\); 3 seeds are few: try --seeds 5\.$/,
  );
});

test("the warning names the losses that diverged, and the seed where there are several", () => {
  expect(warning(outcomesOf([one("bce", 0.7)]))).toBe("");
  expect(warning(outcomesOf([one("bce", 0.7, { diverged: 3 }), one("dice", 0.7, { diverged: 2 })]))).toMatch(
    /^Diverged: bce in epoch 3, dice in epoch 2; /,
  );
  expect(warning(outcomesOf([one("bce", 0.7, { seed: 1, diverged: 3 }), one("bce", 0.7, { seed: 2 })]))).toMatch(
    /^Diverged: bce with seed 1 in epoch 3; /,
  );
});

test("scores, percentages and points have one digit behind the point", () => {
  const [outcome] = outcomesOf(seeds("bce", [0.7, 0.8]));
  expect(score(outcome, "iou")).toBe("75.0 ± 7.1 %");
  expect(score(outcomesOf([one("bce", 0.7)])[0], "iou")).toBe("70.0 %");
  expect([0, 0.12345, 1].map(percent)).toEqual(["0.0 %", "12.3 %", "100.0 %"]);
  expect([-0.0001, -0.123].map(points)).toEqual(["0.0", "-12.3"]);
  expect(intervalOf({ low: -0.01, high: 0.02 })).toBe("95 % interval -1.0 to 2.0");
});
