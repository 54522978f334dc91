import { expect, test } from "vitest";
import { validationOf } from "../../src/model/fitEpoch.js";
import { Score } from "../../src/model/score.js";
import { binaryTask } from "../../src/model/task.js";

test("validationOf tells all that a score holds", () => {
  const score = new Score(binaryTask);
  score.add(Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 0, 1, 0));
  score.add(Uint8Array.of(1, 0), Uint8Array.of(1, 0));
  expect(validationOf(score)).toEqual({
    iou: 2 / 4,
    meanImageIoU: (1 / 3 + 1) / 2,
    dice: 2 / 3,
    imageIoUs: [1 / 3, 1],
    classIoUs: [2 / 4, 2 / 4],
    confusion: [
      [2, 1],
      [1, 2],
    ],
  });
});
