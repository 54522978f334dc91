import { expect, test } from "vitest";
import { logitOf } from "../../src/model/logitOf.js";

test("is the inverse of the sigmoid, and exactly 0 for a half", () => {
  expect(logitOf(0.5)).toBe(0);
  for (const p of [1e-9, 0.05, 0.7, 0.999]) expect(1 / (1 + Math.exp(-logitOf(p)))).toBeCloseTo(p, 12);
});
