// The sigmoid linear unit.
import { describe, test } from "vitest";
import { silu, tensor } from "../../src/index.js";
import { expectSame, expectUlps } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";
import { testOperatorCases } from "../helpers/networkCases.js";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const reference = (x: number) => x * sigmoid(x);

testUnary({ name: "silu", operator: silu, reference, slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)), units: 4 });
testOperatorCases("silu", silu);

describe("silu", () => {
  // further down the sigmoid has few digits, which the factor x leaves wrong by up to 55 units
  test("is within 4 units in the last place from -86 to 110", () => {
    const input = Float32Array.from({ length: 19_601 }, (_, i) => -86 + i / 100);
    const a = tensor(input);
    const out = silu(a);
    expectUlps(out.data, Float64Array.from(input, reference), 4);
    for (const made of [a, out]) made.dispose();
  });

  test("has PyTorch's values and gradients at infinity, NaN, 0 and of huge and tiny numbers", () => {
    const input = [Infinity, -Infinity, NaN, 0, -0, 1e30, -1e30, 1e-40, 2 ** -149];
    const a = tensor(input, undefined, { requiresGrad: true });
    const out = silu(a);
    expectSame(out.data, [Infinity, NaN, NaN, 0, -0, 1e30, -0, Math.fround(1e-40) / 2, 0].map(Math.fround));
    out.backward(new Float32Array(input.length).fill(1));
    expectSame(a.grad?.data ?? [], [NaN, NaN, NaN, 0.5, 0.5, 1, -0, 0.5, 0.5]);
    for (const made of [a, out]) made.dispose();
  });
});
