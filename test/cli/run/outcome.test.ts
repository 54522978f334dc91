import { expect, test } from "vitest";
import type { Training } from "../../../src/cli/model/course.js";
import { intervalOf, percent, points, score, verdict, warning } from "../../../src/cli/run/outcome.js";
import { LovaszError } from "../../../src/index.js";
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
    /^dice is better than bce by 2\.6 points of validation IoU in mean over 5 seeds \(95 % interval 2\.0 to 3\.0; 72\.6 ± 15\.8 % against 70\.0 ± 15\.8 %\)\.$/,
  );
});

test("over several seeds, losses are not distinguishable where the interval holds 0", () => {
  const outcomes = outcomesOf([...seeds("bce", [0.5, 0.6, 0.7]), ...seeds("dice", [0.6, 0.5, 0.72])]);
  expect(verdict(outcomes)).toMatch(
    /^dice and bce are not distinguishable: they differ by 0\.7 points of validation IoU in mean over 3 seeds \(95 % interval -10\.0 to 10\.0; .*\); 3 seeds are too few to tell: try --seeds 5\.$/,
  );
});

test("over few seeds, losses are not distinguishable, though their differences have the same sign", () => {
  const outcomes = outcomesOf([...seeds("bce", [0.5, 0.6, 0.7, 0.8]), ...seeds("dice", [0.6, 0.7, 0.8, 0.9])]);
  expect(verdict(outcomes)).toMatch(
    /^dice and bce are not distinguishable: .* interval 10\.0 to 10\.0; .*; 4 seeds are too few to tell: try --seeds 5\.$/,
  );
});

test("trainings that were interrupted, or have no partner, are not compared", () => {
  const cut = { interrupted: true };
  // bce has a better mean, but dice is better with the seed that both have
  const unequal = [
    one("bce", 0.7, { seed: 0 }),
    one("dice", 0.75, { seed: 0 }),
    one("bce", 0.9, { seed: 1 }),
    one("dice", 0.2, { seed: 1, ...cut }),
  ];
  expect(verdict(outcomesOf(unequal))).toMatch(
    /^dice is ahead of bce by 5\.0 points of validation IoU \(75\.0 % against 70\.0 %\); this is one seed/,
  );
  expect(verdict(outcomesOf([one("bce", 0.9), one("dice", 0.2, cut)]))).toBe(
    "The run was interrupted before every loss had ended a training with the same seed, so nothing is compared.",
  );
});

test("the warning names the losses that diverged, and the seed where there are several", () => {
  expect(warning(outcomesOf([one("bce", 0.7)]), [])).toBe("");
  expect(warning(outcomesOf([one("bce", 0.7, { diverged: 3 }), one("dice", 0.7, { diverged: 2 })]), [])).toMatch(
    /^Diverged: bce in epoch 3, dice in epoch 2; /,
  );
  const error = new LovaszError("nan", "it diverged");
  expect(warning(outcomesOf([one("bce", 0.7)]), [{ loss: "dice", seed: 7, error }])).toBe(
    "Diverged in the first epoch, and left out: dice. Lower --lr.",
  );
  expect(warning(outcomesOf([one("bce", 0.7, { seed: 1, diverged: 3 })]), [{ loss: "dice", seed: 2, error }])).toBe(
    "Diverged: bce with seed 1 in epoch 3; the best epoch before that is kept. Lower --lr. Diverged in the first epoch, and left out: dice with seed 2. Lower --lr.",
  );
  expect(warning(outcomesOf([one("bce", 0.7, { seed: 1, diverged: 3 }), one("bce", 0.7, { seed: 2 })]), [])).toMatch(
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
