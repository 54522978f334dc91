import { expect, test } from "vitest";
import { type LossCase, laws } from "../../../src/fuzz/index.js";
import { scoreBounds } from "../../../src/fuzz/reference/scores.js";

const example: LossCase = {
  kind: "dice",
  values: Float32Array.of(1, -2, 0.5),
  labels: Int32Array.of(1, 0, 1),
  options: { shape: [1, 1, 3] },
  salt: 0,
};
const of = (value: number) => () => ({ value, grad: [0, 0, 0] });

test("liesBetweenScores accepts what is between the bounds, and within rounding of them", async () => {
  const [least, most] = scoreBounds(example);
  for (const value of [least - 1e-6, least, (least + most) / 2, most, most + 1e-6]) await laws.liesBetweenScores(of(value), example);
  await expect(laws.liesBetweenScores(of(most + 1e-3), example)).rejects.toThrow(/^value is .*, expected at most .*: with any smoothing/);
  await expect(laws.liesBetweenScores(of(least - 1e-3), example)).rejects.toThrow(/^-value is .*, expected at most/);
});

test("liesBetweenScores accepts 0 to 1 where no pixel is positive", async () => {
  const empty = { ...example, labels: Int32Array.of(0, 0, 0) };
  for (const value of [0, 0.3, 1]) await laws.liesBetweenScores(of(value), empty);
  await expect(laws.liesBetweenScores(of(1.001), empty)).rejects.toThrow(/the loss is from 0 to 1/);
});
