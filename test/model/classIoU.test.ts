import { expect, test } from "vitest";
import { classIoU } from "../../src/model/classIoU.js";

test("is the pixels of a class in truth and prediction over those in either, and null where there are none", () => {
  // two pixels right, one of class 0 taken for class 1
  const matrix = [[1, 1, 0], [0, 1, 0], [0, 0, 0]]; // biome-ignore format: one line
  expect([0, 1, 2].map((one) => classIoU(matrix, one))).toEqual([1 / 2, 1 / 2, null]);
});
