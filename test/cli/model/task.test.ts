import { expect, test } from "vitest";
import { VOID } from "../../../src/cli/data/pictures.js";
import { binaryTask, multiclassTask } from "../../../src/cli/model/task.js";

test("foreground is where the logit is positive", () => {
  expect([...binaryTask.decide(Float32Array.of(-1, 0, 1e-30, 9), 4)]).toEqual([0, 0, 1, 1]);
});

test("the class is that of the largest logit, the first of equals", () => {
  const logits = Float32Array.of(1, 0, 5, 0, 2, 5, -1, 1, 5);
  expect([...multiclassTask(3).decide(logits, 3)]).toEqual([0, 1, 0]);
});

test("void counts in no intersection over union", () => {
  const [predictions, labels] = [Uint8Array.of(1, 1, 0, 1, 0), Uint8Array.of(1, 0, 1, VOID, VOID)];
  expect(binaryTask.ious(predictions, labels)).toEqual([1 / 3]);
  expect(multiclassTask(3).ious(predictions, labels)).toEqual([0, 1 / 3]);
});

test("a class that neither truth nor prediction has is left out", () => {
  expect(multiclassTask(4).ious(Uint8Array.of(2, 0), Uint8Array.of(2, 0))).toEqual([1, 1]);
  expect(multiclassTask(4).ious(Uint8Array.of(3), Uint8Array.of(VOID))).toEqual([]);
});
