// The rectifier up to 6.
import { describe, test } from "vitest";
import { relu6, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";
import { testOperatorCases } from "../helpers/networkCases.js";

const reference = (x: number) => Math.min(Math.max(x, 0), 6);

testUnary({ name: "relu6", saves: "output", operator: relu6, reference, slope: (x) => (x > 0 && x < 6 ? 1 : 0) });
testOperatorCases("relu6", relu6);

describe("relu6", () => {
  test("has PyTorch's values and gradients at infinity, NaN, 0 and of huge and tiny numbers", () => {
    const input = [Infinity, -Infinity, NaN, 0, -0, 1e30, -1e30, 2 ** -149, -(2 ** -149)];
    const a = tensor(input, undefined, { requiresGrad: true });
    const out = relu6(a);
    expectSame(out.data, [6, 0, NaN, 0, -0, 6, 0, 2 ** -149, 0]);
    out.backward(new Float32Array(input.length).fill(1));
    expectSame(a.grad?.data ?? [], [0, 0, 0, 0, 0, 0, 0, 1, 0]);
    for (const made of [a, out]) made.dispose();
  });

  test("has no gradient at 0 and at 6", () => {
    const a = tensor([0, 6, 5.999, 6.001], undefined, { requiresGrad: true });
    relu6(a).backward([5, 5, 5, Infinity]);
    expectSame(a.grad?.data ?? [], [0, 0, 5, 0]);
    a.dispose();
  });
});
