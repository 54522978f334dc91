import { describe, expect, test } from "vitest";
import { lovaszHinge, lovaszSigmoid, lovaszSoftmax, valueAndGrad } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";

const [logits, labels] = [Float32Array.of(0.5, -1, 2, 0.25), [1, 0, 0, 1]];

describe("pixelWeights", () => {
  test.each([lovaszHinge, lovaszSigmoid])("are relative, from 1e-18 to 1e18: %o", (loss) => {
    for (const method of ["sort", "histogram"] as const) {
      const of = (factor: number) =>
        valueAndGrad(loss)(logits, labels, { method, pixelWeights: [1, 2, 3, 0].map((weight) => weight * factor) });
      const expected = of(1);
      for (const factor of [1e-18, 2 ** 50, 1e17]) {
        const { value, grad } = of(factor);
        expectClose([value], [expected.value], { absolute: 0, relative: 1e-5 });
        expectClose(grad, expected.grad, { absolute: 0, relative: 1e-5 });
      }
    }
  });

  test("of less than 1e-18 are 0 beside larger ones, and refused where none is larger", () => {
    const run = (pixelWeights: number[]) => valueAndGrad(lovaszHinge)(logits, labels, { pixelWeights, method: "histogram" });
    expect(run([1, 1e-19, 1e-320, 1])).toEqual(run([1, 0, 0, 1]));
    expect(run([0, 0, 0, -0])).toEqual({ value: 0, grad: new Float32Array(4) });
    expectError(
      () => run([0, 1e-46, 0, 1e-19]),
      "option",
      /the largest of pixelWeights is 1e-19, expected 0 or at least 1e-18; multiply all weights by a constant/,
    );
  });

  test("beyond 1e18 are refused, each by its place", () => {
    for (const wrong of [1e19, 3e38, 1e39, -1, Number.NaN, "1" as never]) {
      expectError(
        () => lovaszHinge(logits, labels, { pixelWeights: [1, 1, wrong, 1] }),
        "option",
        /^lovaszHinge: pixelWeights\[2\] is .*, expected a number from 0 to 1e\+18$/,
      );
    }
  });
});

test("classWeights of lovaszSoftmax are refused beyond 1e18, each by its place", () => {
  const run = (classWeights: number[]) => valueAndGrad(lovaszSoftmax)(logits, [0, 1], { shape: [1, 2, 2], classWeights });
  const { value, grad } = run([1e18, 1]);
  expect([value, ...grad].every(Number.isFinite)).toBe(true);
  expectError(() => run([1, 1e39]), "option", /^lovaszSoftmax: classWeights\[1\] is 1e\+39, expected a number from 0 to 1e\+18$/);
  expectError(() => run([1]), "option", /classWeights is \[1\], expected 2 numbers, one for each class/);
});
