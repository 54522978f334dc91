// The exponential function, over all of float32.
import { test } from "vitest";
import { exp, tensor } from "../../src/index.js";
import { expectSame, expectUlps } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";

testUnary({ name: "exp", saves: "output", operator: exp, reference: Math.exp, slope: Math.exp, units: 2 });

test("exp is within 2 units in the last place from where it is 0 to where it is infinite", () => {
  const input = Float32Array.from({ length: 20_001 }, (_, i) => -105 + i * 0.0097);
  const a = tensor(input);
  const out = exp(a);
  expectUlps(out.data, Float64Array.from(input, Math.exp), 2);
  for (const made of [a, out]) made.dispose();
});

test("exp keeps denormals and knows its extremes", () => {
  const input = Float32Array.from([-100, -103.5, -104, -1e30, -Infinity, 88.72, 88.73, 100, 3e38, Infinity, NaN, 0, -0, 2 ** -149]);
  const a = tensor(input);
  const out = exp(a);
  expectUlps(out.data, Float64Array.from(input, Math.exp), 2);
  expectSame(out.data.slice(2), [0, 0, 0, out.data[5], Infinity, Infinity, Infinity, Infinity, NaN, 1, 1, 1]);
  for (const made of [a, out]) made.dispose();
});
