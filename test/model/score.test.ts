import { expect, test } from "vitest";
import { diceOf, mean, Score } from "../../src/model/score.js";
import { binaryTask, multiclassTask, type Task } from "../../src/model/task.js";

/** The score of pictures, each as predictions and labels. */
function scoreOf(task: Task, ...pictures: [number[], number[]][]): Score {
  const score = new Score(task);
  for (const [predictions, labels] of pictures) score.add(Uint8Array.from(predictions), Uint8Array.from(labels));
  return score;
}

test("IoU and Dice are of all pixels together, the mean image IoU weighs pictures alike", () => {
  const score = scoreOf(binaryTask, [[1, 0, 1, 0], [1, 1, 0, 0]], [[0, 1], [0, 1]]); // biome-ignore format: one line
  const { iou, meanImageIoU, dice } = score.scores();
  expect(score.imageIoUs).toEqual([1 / 3, 1]);
  expect(iou).toBe(2 / 4);
  expect(meanImageIoU).toBe((1 / 3 + 1) / 2);
  expect(dice).toBe((2 * 2) / (3 + 3));
});

test("a picture without foreground, predicted empty, is right", () => {
  expect(scoreOf(binaryTask, [[0, 0], [0, 0]]).scores()).toEqual({ iou: 1, meanImageIoU: 1, dice: 1 }); // biome-ignore format: one line
});

test("a false alarm in a picture without foreground is counted", () => {
  const score = scoreOf(binaryTask, [[0, 1], [0, 0]], [[1, 1], [1, 1]]); // biome-ignore format: one line
  expect(score.scores()).toEqual({ iou: 2 / 3, meanImageIoU: 1 / 2, dice: 4 / 5 });
});

test("of several classes it is the mean over those there are", () => {
  const { iou, dice } = scoreOf(multiclassTask(5), [[0, 1, 2, 2], [0, 1, 1, 2]]).scores(); // biome-ignore format: one line
  expect(iou).toBeCloseTo((1 + 1 / 2 + 1 / 2) / 3, 12);
  expect(dice).toBeCloseTo((1 + 2 / 3 + 2 / 3) / 3, 12);
});

test("each class has an IoU, of background and foreground too; a class that nothing has, has none", () => {
  expect(scoreOf(multiclassTask(5), [[0, 1, 2, 2], [0, 1, 1, 2]]).classIoUs()).toEqual([1, 1 / 2, 1 / 2, null, null]); // biome-ignore format: one line
  expect(scoreOf(binaryTask, [[1, 0, 1, 0], [1, 1, 0, 0]], [[0, 1], [0, 255]]).classIoUs()).toEqual([2 / 4, 1 / 3]); // biome-ignore format: one line
  expect(scoreOf(binaryTask, [[0, 0], [0, 0]]).classIoUs()).toEqual([1, null]); // biome-ignore format: one line
});

test("counts the pixels of each class by what they are predicted as", () => {
  const score = scoreOf(multiclassTask(3), [[0, 1, 2, 2], [0, 1, 1, 255]], [[0], [0]]); // biome-ignore format: one line
  expect(score.confusion).toEqual([[2, 0, 0], [0, 1, 1], [0, 0, 0]]); // biome-ignore format: one line
});

test("Dice follows from IoU", () => {
  expect([0, 1 / 3, 1].map(diceOf)).toEqual([0, 1 / 2, 1]);
});

test("the mean of nothing is that of a picture that is ignored all over", () => {
  expect(mean([])).toBe(1);
  expect(mean([1, 2, 6])).toBe(3);
});
