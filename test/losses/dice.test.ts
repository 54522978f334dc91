import { expect, test } from "vitest";
import { dice, valueAndGrad } from "../../src/index.js";
import { regionSuite } from "../helpers/regionSuite.js";

regionSuite("dice", dice, { alpha: 0.5, beta: 0.5 });

test("dice takes a probability that rounding left outside of 0 to 1 for the bound", () => {
  const run = (probabilities: number[]) => valueAndGrad(dice)(probabilities, [1, 0, 1], { fromLogits: false }).value;
  expect(run([1 + 5e-6, -5e-6, 0.5])).toBe(run([1, 0, 0.5]));
});
