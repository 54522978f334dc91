// The Gaussian error linear unit, exact in its tails too.
import { describe, test } from "vitest";
import { gelu, tensor } from "../../src/index.js";
import { expectClose, expectSame, expectUlps } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";
import { testOperatorCases } from "../helpers/networkCases.js";
import { normalDensity, normalDistribution } from "../oracle/normal.js";

const reference = (x: number) => x * normalDistribution(x);
const slope = (x: number) => normalDistribution(x) + x * normalDensity(x);

testUnary({ name: "gelu", operator: gelu, reference, slope, units: 5 });
testOperatorCases("gelu", gelu);

describe("gelu", () => {
  // further down the distribution is denormal and has few digits
  test("is within 7 units in the last place from -12.8 to 15", () => {
    const input = Float32Array.from({ length: 27_801 }, (_, i) => -12.8 + i / 1000);
    const a = tensor(input, undefined, { requiresGrad: true });
    const out = gelu(a);
    expectUlps(out.data, Float64Array.from(input, reference), 7);
    out.backward(new Float32Array(input.length).fill(1));
    expectClose(a.grad?.data ?? [], Float64Array.from(input, slope), { absolute: 2e-7, relative: 2e-7 });
    for (const made of [a, out]) made.dispose();
  });

  test("keeps the relative accuracy of its gradient in the lower tail", () => {
    const input = Float32Array.from({ length: 1001 }, (_, i) => -13 + i / 100);
    const a = tensor(input, undefined, { requiresGrad: true });
    gelu(a).backward(new Float32Array(input.length).fill(1));
    expectClose(a.grad?.data ?? [], Float64Array.from(input, slope), { absolute: 1e-44, relative: 1e-6 });
    a.dispose();
  });

  test("has PyTorch's values and gradients at infinity, NaN, 0 and of huge and tiny numbers", () => {
    const input = [Infinity, -Infinity, NaN, 0, -0, 1e30, -1e30, 1e-40, 2 ** -149];
    const a = tensor(input, undefined, { requiresGrad: true });
    const out = gelu(a);
    expectSame(out.data, [Infinity, NaN, NaN, 0, -0, 1e30, -0, Math.fround(1e-40) / 2, 0].map(Math.fround));
    out.backward(new Float32Array(input.length).fill(1));
    expectSame(a.grad?.data ?? [], [NaN, NaN, NaN, 0.5, 0.5, 1, 0, 0.5, 0.5]);
    for (const made of [a, out]) made.dispose();
  });
});
