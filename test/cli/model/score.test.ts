import { expect, test } from "vitest";
import { mean, score } from "../../../src/cli/model/score.js";
import { binaryTask, multiclassTask } from "../../../src/cli/model/task.js";
import { noise } from "../helpers/samples.js";

const labelled = (...labels: number[]) => ({ ...noise(labels.length, 1), labels: Uint8Array.from(labels) });

test("IoU and Dice are of all pixels together, the mean image IoU weighs pictures alike", () => {
  const samples = [labelled(1, 1, 0, 0), labelled(0, 1)];
  const { iou, meanImageIoU, dice } = score(binaryTask, samples, [Uint8Array.of(1, 0, 1, 0), Uint8Array.of(0, 1)]);
  expect(iou).toBe(2 / 4);
  expect(meanImageIoU).toBe((1 / 3 + 1) / 2);
  expect(dice).toBe((2 * 2) / (3 + 3));
});

test("a picture without foreground, found empty, is right", () => {
  expect(score(binaryTask, [labelled(0, 0)], [Uint8Array.of(0, 0)])).toEqual({ iou: 1, meanImageIoU: 1, dice: 1 });
});

test("of several classes it is the mean over those there are", () => {
  const { iou, dice } = score(multiclassTask(5), [labelled(0, 1, 1, 2)], [Uint8Array.of(0, 1, 2, 2)]);
  expect(iou).toBeCloseTo((1 + 1 / 2 + 1 / 2) / 3, 12);
  expect(dice).toBeCloseTo((1 + 2 / 3 + 2 / 3) / 3, 12);
});

test("the mean of nothing is that of a void picture", () => {
  expect(mean([])).toBe(1);
  expect(mean([1, 2, 6])).toBe(3);
});
