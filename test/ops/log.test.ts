// The natural logarithm, over all of float32.
import { test } from "vitest";
import { log, tensor } from "../../src/index.js";
import { expectSame, expectUlps } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";
import { uniforms } from "../helpers/random.js";

testUnary({
  name: "log",
  operator: log,
  reference: Math.log,
  slope: (x) => 1 / x,
  values: (count, seed) => uniforms(count, 1, 4, seed),
  units: 2,
});

test("log is within 2 units in the last place in every binade, denormals too", () => {
  const input = Float32Array.from({ length: 277 * 40 }, (_, i) => (1 + (i % 40) / 40) * 2 ** (Math.floor(i / 40) - 149));
  const a = tensor(input);
  const out = log(a);
  expectUlps(out.data, Float64Array.from(input, Math.log), 2);
  for (const made of [a, out]) made.dispose();
});

test("log is within 2 units in the last place around 1, where it is 0", () => {
  const input = Float32Array.from({ length: 2001 }, (_, i) => 1 + (i - 1000) * 2 ** -24 * (1 + (i % 7) * 500));
  const a = tensor(input);
  const out = log(a);
  expectUlps(out.data, Float64Array.from(input, Math.log), 2);
  for (const made of [a, out]) made.dispose();
});

test("log is -Infinity at either zero, NaN below, Infinity at Infinity", () => {
  const a = tensor([0, -0, -1, -(2 ** -149), -Infinity, Infinity, NaN, 1]);
  const out = log(a);
  expectSame(out.data, [-Infinity, -Infinity, NaN, NaN, NaN, Infinity, NaN, 0]);
  for (const made of [a, out]) made.dispose();
});
