import { expect, test } from "vitest";
import { fillProbability } from "../../../src/cli/predict/fillProbability.js";
import { binaryTask, multiclassTask } from "../../../src/model/task.js";

test("writes the probability of foreground to the rows that it is of", () => {
  const image = new Uint16Array(8).fill(7);
  const logits = Float32Array.of(0, 90, -90, Math.log(3));
  fillProbability(image, 2, binaryTask, { logits, labels: Uint8Array.of(0, 1, 0, 1), channels: 1, upper: 1, rows: 2 });
  expect([...image]).toEqual([7, 7, 32768, 65535, 0, 49151, 7, 7]);
  expect(logits[0]).toBe(0);
});

test("writes the probability of the class that each pixel was given", () => {
  const image = new Uint16Array(2);
  // of two pixels: e to these is 1, 2 and 1, and 1, 1 and 3
  const logits = Float32Array.of(0, 0, Math.log(2), 0, 0, Math.log(3));
  fillProbability(image, 2, multiclassTask(3), { logits, labels: Uint8Array.of(1, 2), channels: 3, upper: 0, rows: 1 });
  expect([...image]).toEqual([Math.round(65535 / 2), Math.round((65535 * 3) / 5)]);
});
