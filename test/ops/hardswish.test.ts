// The hard swish.
import { describe, test } from "vitest";
import { hardswish, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";
import { testOperatorCases } from "../helpers/networkCases.js";
import { uniforms } from "../helpers/random.js";

const reference = (x: number) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6;
const slope = (x: number) => (x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5);

// the sum x + 3 is rounded, so that near -3 few digits are left
testUnary({ name: "hardswish", operator: hardswish, reference, slope, values: (n, seed) => uniforms(n, -2, 2.9, seed), units: 4 });
testOperatorCases("hardswish", hardswish);

describe("hardswish", () => {
  test("has PyTorch's values and gradients at infinity, NaN, 0 and of huge and tiny numbers", () => {
    const input = [Infinity, -Infinity, NaN, 0, -0, 1e30, -1e30, 3.4e38, 1e-40, 2 ** -149];
    const a = tensor(input, undefined, { requiresGrad: true });
    const out = hardswish(a);
    expectSame(out.data, [Infinity, NaN, NaN, 0, -0, 1e30, -0, 3.4e38, Math.fround(1e-40) / 2, 0].map(Math.fround));
    out.backward(new Float32Array(input.length).fill(1));
    expectSame(a.grad?.data ?? [], [1, 0, NaN, 0.5, 0.5, 1, 0, 1, 0.5, 0.5]);
    for (const made of [a, out]) made.dispose();
  });

  test("has PyTorch's gradients at its kinks, where an infinite upstream gradient does no harm", () => {
    const a = tensor([-3, 3, -3.5, 3.5], undefined, { requiresGrad: true });
    hardswish(a).backward([5, 5, Infinity, Infinity]);
    expectSame(a.grad?.data ?? [], [0, 5, 0, Infinity]);
    a.dispose();
  });
});
