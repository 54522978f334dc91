// The absolute value.
import { test } from "vitest";
import { abs, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";

testUnary({ name: "abs", operator: abs, reference: Math.abs, slope: Math.sign });

test("abs takes the sign off zeros and infinities and keeps NaN", () => {
  const a = tensor([0, -0, Infinity, -Infinity, NaN, -(2 ** -149)]);
  const out = abs(a);
  expectSame(out.data, [0, 0, Infinity, Infinity, NaN, 2 ** -149]);
  for (const made of [a, out]) made.dispose();
});

test("abs has no slope at either zero", () => {
  const a = tensor([0, -0, 2, -2], [4], { requiresGrad: true });
  abs(a).backward([5, 5, 5, 5]);
  expectSame(a.grad?.data ?? [], [0, 0, 5, -5]);
  a.dispose();
});
