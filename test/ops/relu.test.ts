// The rectifier.
import { test } from "vitest";
import { relu, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";

testUnary({ name: "relu", saves: "output", operator: relu, reference: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) });

test("relu keeps NaN, so that a broken network shows", () => {
  const a = tensor([NaN, Infinity, -Infinity, 2 ** -149, -(2 ** -149)]);
  const out = relu(a);
  expectSame(out.data, [NaN, Infinity, 0, 2 ** -149, 0]);
  for (const made of [a, out]) made.dispose();
});

test("relu has no slope at 0", () => {
  const a = tensor([0, -0], [2], { requiresGrad: true });
  relu(a).backward([5, 5]);
  expectSame(a.grad?.data ?? [], [0, 0]);
  a.dispose();
});
