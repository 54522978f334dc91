// Running sums.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cumsum, memory, type Tensor, tensor } from "../../src/index.js";
import { expectSame, expectUlps } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";
import { mapRows, type Nd, sizeOf } from "../oracle/nd.js";

function running(row: ArrayLike<number>): number[] {
  let total = 0;
  return Array.from(row, (value) => {
    total += value;
    return total;
  });
}

describe("cumsum", () => {
  test.each(lengths)("carries the sum of %i numbers in float64", (n) => {
    const values = normals(n, n);
    const a = tensor(values, [n], { requiresGrad: true });
    const out = cumsum(a, 0);
    expectUlps(out.data, running(values), 0.5);
    const upstream = normals(n, n + 1);
    out.backward(upstream);
    expectUlps(a.grad?.data ?? [], running(upstream.toReversed()).reverse(), 0.5, "gradient");
    for (const made of [a, out]) made.dispose();
  });

  test.each([
    [[3, 9], 1],
    [[3, 9], 0],
    [[2, 5, 3], 1],
    [[2, 5, 3], -1],
    [[2, 0, 3], 1],
    [[0, 2], 1],
    [[2, 3, 0], 0],
    [[1, 4, 1], 1],
  ] as const)("of shape %j along axis %i", (shape, axis) => {
    const a: Nd = { shape, values: Float64Array.from(normals(sizeOf(shape), 4)) };
    const before = memory();
    const made = tensor(a.values, shape);
    const out = cumsum(made, axis);
    expect(out.shape).toEqual(shape);
    expectUlps(out.data, mapRows(a, axis < 0 ? axis + shape.length : axis, running).values, 0.5);
    for (const one of [made, out]) one.dispose();
    expect(memory()).toEqual(before);
    gradCheck((x) => cumsum(x, axis), [a]);
  });

  test("is a loop's running sum for any float32", () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 50 }), (values) => {
        const a = tensor(values, [values.length]);
        const out = cumsum(a, 0);
        expectSame(
          out.data,
          running(values).map((x) => Math.fround(x) + 0),
        );
        for (const made of [a, out]) made.dispose();
      }),
    );
  });

  test("rejects axes that are not there, and what is no tensor", () => {
    const a = tensor(normals(6), [2, 3]);
    for (const wrong of [2, -3, 0.5, undefined, "1", [0]]) {
      expectError(() => cumsum(a, wrong as number), "shape", /cumsum\(a, axis\): axis is .*, but the tensor has 2 axes \(-2\.\.1\)/);
    }
    expectError(() => cumsum(new Float32Array(3) as unknown as Tensor, 0), "shape", /a is a Float32Array of 3, expected a Tensor/);
    a.dispose();
    expectError(() => cumsum(a, 0), "disposed", /was disposed/);
  });
});
