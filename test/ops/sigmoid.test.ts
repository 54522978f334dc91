// The logistic function, over all of float32.
import { test } from "vitest";
import { sigmoid, tensor } from "../../src/index.js";
import { expectSame, expectUlps } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";

const reference = (x: number) => 1 / (1 + Math.exp(-x));

testUnary({ name: "sigmoid", saves: "output", operator: sigmoid, reference, slope: (x) => reference(x) * reference(-x), units: 3 });

test("sigmoid is within 3 units in the last place from -110 to 110, where it is denormal too", () => {
  const input = Float32Array.from({ length: 22_001 }, (_, i) => -110 + i / 100);
  const a = tensor(input);
  const out = sigmoid(a);
  expectUlps(out.data, Float64Array.from(input, reference), 3);
  for (const made of [a, out]) made.dispose();
});

test("sigmoid goes to 0 and 1 and keeps NaN", () => {
  const a = tensor([-Infinity, -200, 200, Infinity, NaN, 0, -0]);
  const out = sigmoid(a);
  expectSame(out.data, [0, 0, 1, 1, NaN, 0.5, 0.5]);
  for (const made of [a, out]) made.dispose();
});
