import { expect, test } from "vitest";
import { binaryTask, multiclassTask, taskOf } from "../../src/model/task.js";

test("foreground is where the logit is positive", () => {
  expect([...binaryTask.decide(Float32Array.of(-1, 0, 1e-30, 9), 4)]).toEqual([0, 0, 1, 1]);
});

test("the class is that of the largest logit, the first of equals", () => {
  const logits = Float32Array.of(1, 0, 5, 0, 2, 5, -1, 1, 5);
  expect([...multiclassTask(3).decide(logits, 3)]).toEqual([0, 1, 0]);
});

test("of the foreground, the diagonal over row and column together", () => {
  expect(binaryTask.ious([[5, 1], [2, 3]])).toEqual([3 / 6]); // biome-ignore format: one line
});

test("no foreground, predicted empty, is right", () => {
  expect(binaryTask.ious([[5, 0], [0, 0]])).toEqual([1]); // biome-ignore format: one line
});

test("a class that neither truth nor prediction has is left out", () => {
  expect(multiclassTask(3).ious([[1, 0, 0], [0, 0, 0], [0, 0, 1]])).toEqual([1, 1]); // biome-ignore format: one line
  expect(multiclassTask(3).ious([[0, 1, 0], [0, 3, 0], [0, 0, 0]])).toEqual([0, 3 / 4]); // biome-ignore format: one line
  expect(multiclassTask(2).ious([[0, 0], [0, 0]])).toEqual([]); // biome-ignore format: one line
});

test("labels, which are bytes, cannot hold more than 255 classes", () => {
  const logits = new Float32Array(255);
  logits[254] = 1;
  expect([...taskOf(255).decide(logits, 1)]).toEqual([254]);
  for (const channels of [0, 256, 300])
    expect(() => taskOf(channels)).toThrow(`the network has ${channels} output channels, expected 1 to 255`);
});

test("infinite logits have probabilities, too", () => {
  const logits = Float32Array.of(Infinity, -Infinity, 0, Infinity, -Infinity, Infinity);
  multiclassTask(2).toProbabilities(logits, 3);
  expect([...logits]).toEqual([0.5, 0.5, 0, 0.5, 0.5, 1]);
});
