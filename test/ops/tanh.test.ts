// The hyperbolic tangent, over all of float32.
import { test } from "vitest";
import { tanh, tensor } from "../../src/index.js";
import { expectSame, expectUlps } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";

testUnary({ name: "tanh", saves: "output", operator: tanh, reference: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2, units: 3 });

test("tanh is within 3 units in the last place from -10 to 10 and near 0", () => {
  const input = Float32Array.from({ length: 20_300 }, (_, i) => (i < 20_000 ? (i - 10_000) / 1000 : 1.7 * 2 ** (i - 20_000 - 299)));
  const a = tensor(input);
  const out = tanh(a);
  expectUlps(out.data, Float64Array.from(input, Math.tanh), 3);
  for (const made of [a, out]) made.dispose();
});

test("tanh goes to -1 and 1, keeps NaN and the sign of 0", () => {
  const a = tensor([-Infinity, -1e30, -100, 100, Infinity, NaN, 0, -0]);
  const out = tanh(a);
  expectSame(out.data, [-1, -1, -1, 1, 1, NaN, 0, -0]);
  for (const made of [a, out]) made.dispose();
});
