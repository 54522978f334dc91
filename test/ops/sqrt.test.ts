// The square root.
import { test } from "vitest";
import { sqrt, tensor } from "../../src/index.js";
import { expectSame, expectUlps } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";
import { uniforms } from "../helpers/random.js";

testUnary({
  name: "sqrt",
  saves: "output",
  operator: sqrt,
  reference: Math.sqrt,
  slope: (x) => 0.5 / Math.sqrt(x),
  values: (count, seed) => uniforms(count, 1, 4, seed),
});

test("sqrt is correctly rounded from the smallest denormal to the largest number", () => {
  const input = Float32Array.from({ length: 277 }, (_, i) => 1.3 * 2 ** (i - 149));
  const a = tensor(input);
  const out = sqrt(a);
  expectUlps(out.data, Float64Array.from(input, Math.sqrt), 0.5);
  for (const made of [a, out]) made.dispose();
});

test("sqrt is NaN below 0 and infinite at infinity", () => {
  const a = tensor([-1, -Infinity, Infinity, NaN, 0, -0]);
  const out = sqrt(a);
  expectSame(out.data, [NaN, NaN, Infinity, NaN, 0, -0]);
  for (const made of [a, out]) made.dispose();
});
