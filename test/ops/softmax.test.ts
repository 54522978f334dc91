// Softmax along any axis.
import { describe, expect, test } from "vitest";
import { memory, softmax, type Tensor, tensor } from "../../src/index.js";
import { expectClose, expectSame, expectUlps } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";
import { extremeLogits, softmaxCases } from "../helpers/softmaxCases.js";
import { mapRows, type Nd, sizeOf, sum } from "../oracle/nd.js";

function reference(row: number[]): number[] {
  const largest = Math.max(...row);
  const powers = row.map((x) => Math.exp(x - largest));
  return powers.map((x) => x / sum(powers));
}

describe("softmax", () => {
  test.each(softmaxCases)("of shape %j along axis %i", (shape, axis) => {
    const a: Nd = { shape, values: Float64Array.from(normals(sizeOf(shape), 4), (x) => Math.fround(4 * x)) };
    const before = memory();
    const made = tensor(a.values, shape);
    const out = softmax(made, axis);
    expect(out.shape).toEqual(shape);
    expectClose(out.data, mapRows(a, axis < 0 ? axis + shape.length : axis, reference).values, { relative: 2e-6, absolute: 1e-12 });
    for (const one of [made, out]) one.dispose();
    if (sizeOf(shape) < 100) gradCheck((x) => softmax(x, axis), [{ shape, values: normals(sizeOf(shape), 4) }]);
    expect(memory()).toEqual(before);
  });

  test.each(extremeLogits)("of %d %d %d %d is that of float64, no sum overflows", (...logits) => {
    // once as rows, once as columns: two kernels
    const row = Array.from(Float32Array.from(logits));
    const [a, b] = [
      tensor(row),
      tensor(
        row.flatMap((x) => [x, x, x, x]),
        [4, 4],
      ),
    ];
    const [x, y] = [softmax(a, 0), softmax(b, 0)];
    expectUlps(x.data, reference(row), 4);
    expectUlps(
      y.data,
      reference(row).flatMap((p) => [p, p, p, p]),
      4,
    );
    for (const made of [a, b, x, y]) made.dispose();
  });

  test("of a NaN is NaN in its row only", () => {
    const a = tensor([NaN, 0, 1, 1], [2, 2]);
    const out = softmax(a, 1);
    expectSame(out.data, [NaN, NaN, 0.5, 0.5]);
    for (const made of [a, out]) made.dispose();
  });

  test("rejects axes that are not there, and what is no tensor", () => {
    const a = tensor(normals(6), [2, 3]);
    for (const wrong of [2, -3, undefined, "1"]) {
      expectError(() => softmax(a, wrong as number), "shape", /softmax\(a, axis\): axis is .*, but the tensor has 2 axes/);
    }
    expectError(() => softmax(1 as unknown as Tensor, 0), "shape", /a is 1, expected a Tensor/);
    a.dispose();
    expectError(() => softmax(a, 0), "disposed", /was disposed/);
  });
});
