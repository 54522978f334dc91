import { expect, test } from "vitest";
import { percent, verdict, warning, winner } from "../../../src/cli/run/outcome.js";

const [low, high, near] = [{ loss: "bce", iou: 0.7 }, { loss: "dice", iou: 0.8 }, { loss: "focal", iou: 0.797 }]; // biome-ignore format: one line

test("the winner has the highest IoU, the first of equals", () => {
  expect(winner([low, high])).toBe(high);
  expect(winner([low, { ...low }])).toBe(low);
});

test("the verdict names both and the gap, and warns of a single seed", () => {
  expect(verdict([low, high])).toBe(
    "dice is ahead of bce by 10.0 points of validation IoU (80.0 % against 70.0 %); this is one seed: try more with --seed before you trust it.",
  );
});

test("the verdict calls a small gap a tie", () => {
  expect(verdict([near, low, high])).toBe(
    "dice and focal tie within 0.3 points of validation IoU (80.0 % against 79.7 %): on these data, neither is shown to be better.",
  );
});

test("one loss alone is compared with nothing", () => {
  expect(verdict([low])).toBe("bce reaches a validation IoU of 70.0 %; there is nothing to compare it with.");
});

test("the warning names the losses that diverged", () => {
  expect(warning([{ loss: "bce", diverged: null }])).toBe("");
  expect(warning([{ loss: "bce", diverged: 3 }, { loss: "dice", diverged: 2 }])).toMatch(/^Diverged: bce in epoch 3, dice in epoch 2; /); // biome-ignore format: one line
});

test("percent has one digit behind the point", () => {
  expect([0, 0.12345, 1].map(percent)).toEqual(["0.0 %", "12.3 %", "100.0 %"]);
});
