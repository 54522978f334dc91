// Powers with a constant exponent.
import { describe, expect, test } from "vitest";
import { pow, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";
import { expectError } from "../helpers/errors.js";
import { uniforms } from "../helpers/random.js";

const positive = (count: number, seed: number) => uniforms(count, 1, 4, seed);

describe.each([2, 3, 1, -1, 0.5, -2.5, 0])("exponent %d", (exponent) => {
  testUnary({
    name: "pow",
    operator: (a) => pow(a, exponent),
    reference: (x) => x ** exponent,
    slope: (x) => (exponent === 0 ? 0 : exponent * x ** (exponent - 1)),
    values: Number.isInteger(exponent) && exponent >= 0 ? undefined : positive,
    units: 0.5001, // float64's own rounding comes on top
  });
});

test("pow follows JavaScript's ** at 0, infinity and NaN", () => {
  const input = [0, -0, Infinity, -Infinity, NaN, -8, 1];
  const a = tensor(input);
  for (const exponent of [0, 1, 2, 3, -1, -2, 0.5, 1 / 3, Infinity]) {
    const out = pow(a, exponent);
    expectSame(
      out.data,
      input.map((x) => Math.fround(x ** exponent)),
      `to the power of ${exponent}`,
    );
    out.dispose();
  }
  a.dispose();
});

test("pow has slope 1 at 0 for the exponent 1 and slope 0 for 0 and 2", () => {
  for (const [exponent, slope] of [
    [1, 1],
    [0, 0],
    [2, 0],
  ]) {
    const a = tensor([0], [1], { requiresGrad: true });
    pow(a, exponent).backward([3]);
    expect(a.grad?.item()).toBe(3 * slope);
    a.dispose();
  }
});

test("pow rejects an exponent that is no number, NaN included", () => {
  const a = tensor([1, 2]);
  for (const wrong of [undefined, "2", a, NaN]) {
    expectError(() => pow(a, wrong as unknown as number), "option", /pow\(a, exponent\): exponent is .*, expected a number/);
  }
  a.dispose();
});
