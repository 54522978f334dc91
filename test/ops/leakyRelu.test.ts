// The leaky rectifier.
import { describe, test } from "vitest";
import { leakyRelu, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";
import { expectError } from "../helpers/errors.js";
import { testOperatorCases } from "../helpers/networkCases.js";

describe.each([undefined, 0, 0.01, 0.25, 1, -2, 1e30])("slope %s", (slope) => {
  // as float32 holds it
  const factor = Math.fround(slope ?? 0.01);
  testUnary({
    name: "leakyRelu",
    saves: factor < 0 ? "input" : "output",
    operator: (a) => leakyRelu(a, slope),
    reference: (x) => (x > 0 ? x : factor * x),
    slope: (x) => (x > 0 ? 1 : factor),
    // differences of numbers around 1e30 have no digits left for those around 1
    values: slope === 1e30 ? (n, seed) => Float32Array.from({ length: n }, (_, i) => 1 + ((i * seed) % 7)) : undefined,
  });
});

testOperatorCases("leakyRelu", (x) => leakyRelu(x));

describe("leakyRelu", () => {
  test("has PyTorch's values and gradients at infinity, NaN, 0 and of huge and tiny numbers", () => {
    const input = [Infinity, -Infinity, NaN, 0, -0, 1e30, -1e30, 2 ** -149, -(2 ** -149)];
    const a = tensor(input, undefined, { requiresGrad: true });
    const out = leakyRelu(a, 0.25);
    expectSame(out.data, [Infinity, -Infinity, NaN, 0, -0, 1e30, -0.25e30, 2 ** -149, -0].map(Math.fround));
    out.backward(new Float32Array(input.length).fill(2));
    expectSame(a.grad?.data ?? [], [2, 0.5, 0.5, 0.5, 0.5, 2, 0.5, 2, 0.5]);
    for (const made of [a, out]) made.dispose();
  });

  test("multiplies 0 by the slope, as PyTorch does", () => {
    const a = tensor([0, -0]);
    const out = leakyRelu(a, -0.5);
    expectSame(out.data, [-0, 0]);
    for (const made of [a, out]) made.dispose();
  });

  test("rejects a slope that is no finite number", () => {
    const a = tensor([1, 2]);
    for (const wrong of [null, "0.1", NaN, Infinity, 1e39, { slope: 0.1 }, a]) {
      expectError(() => leakyRelu(a, wrong as number), "option", /^leakyRelu\(a, slope\): slope is .*, expected a finite number/);
    }
    a.dispose();
    expectError(() => leakyRelu(a), "disposed", /was disposed/);
  });
});
