// The largest of windows side by side.
import { describe, expect, test } from "vitest";
import { maxPool2d, memory, type Tensor, tensor } from "../../src/index.js";
import { expectClose, expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { apart, integers, normals } from "../helpers/random.js";
import { windows } from "../helpers/windows.js";
import { at, build, indices, type Nd, sizeOf } from "../oracle/nd.js";

function reference(a: Nd, size: number): Nd {
  const shape = [...a.shape.slice(0, -2), ...a.shape.slice(-2).map((extent) => Math.floor(extent / size))];
  return build(shape, (index) => {
    const [y, x] = index.slice(-2);
    const window = indices([size, size]).map(([dy, dx]) => at(a, [...index.slice(0, -2), y * size + dy, x * size + dx]));
    return Math.max(...window);
  });
}

describe("maxPool2d", () => {
  test.each(windows)("of shape %j by windows of %i leaves out what fills none", (shape, size) => {
    const before = memory();
    const a: Nd = { shape, values: Float64Array.from(apart(sizeOf(shape))) };
    const made = tensor(a.values, shape);
    const out = maxPool2d(made, size);
    const expected = reference(a, size);
    expect(out.shape).toEqual(expected.shape);
    expectClose(out.data, expected.values);
    for (const one of [made, out]) one.dispose();
    expect(memory()).toEqual(before);
    gradCheck((x) => maxPool2d(x, size), [a]);
  });

  test.each(lengths.filter((n) => n > 1))("of planes %i wide", (width) => {
    const a: Nd = { shape: [2, 5, width], values: Float64Array.from(normals(10 * width, width)) };
    const made = tensor(a.values, a.shape);
    const out = maxPool2d(made, 2);
    expectClose(out.data, reference(a, 2).values);
    for (const one of [made, out]) one.dispose();
  });

  test("lets the first of equals and NaN win, and takes the gradient there", () => {
    const a = tensor([5, 5, 1, NaN, 5, 5, NaN, 3], [2, 4], { requiresGrad: true });
    const out = maxPool2d(a, 2);
    expectSame(out.data, [5, NaN]);
    out.backward([[7, 8]]);
    expectSame(a.grad?.data ?? [], [7, 0, 0, 8, 0, 0, 0, 0]);
    for (const made of [a, out]) made.dispose();
  });

  test.each(lengths.filter((n) => n > 1))("does so in planes %i wide, many equals among their few values", (width) => {
    const values = Float32Array.from(integers(10 * width, 5, width), (value) => (value === 4 ? NaN : value));
    const a = tensor(values, [2, 5, width], { requiresGrad: true });
    const out = maxPool2d(a, 2);
    const winners = build(out.shape, ([plane, y, x]) => {
      const places = [0, 1, width, width + 1].map((step) => (5 * plane + 2 * y) * width + 2 * x + step);
      return places.reduce((best, at) =>
        values[at] > values[best] || (Number.isNaN(values[at]) && !Number.isNaN(values[best])) ? at : best,
      );
    }).values;
    expectSame(
      out.data,
      [...winners].map((at) => values[at]),
    );
    const upstream = normals(out.size);
    const gradient = new Float32Array(values.length);
    winners.forEach((at, i) => {
      gradient[at] = upstream[i];
    });
    out.backward(upstream);
    expectSame(a.grad?.data ?? [], gradient);
    for (const made of [a, out]) made.dispose();
  });

  test("rejects windows that do not fit, sizes that are none, and what is no tensor", () => {
    const [a, flat, none] = [tensor(normals(12), [3, 4]), tensor([1, 2]), tensor([], [2, 0, 3])];
    expectError(() => maxPool2d(a, 4), "shape", /maxPool2d\(a, size\): a window of 4 does not fit planes of 3 x 4/);
    expectError(() => maxPool2d(none, 1), "shape", /does not fit planes of 0 x 3/);
    expectError(() => maxPool2d(flat, 1), "shape", /the tensor has shape \[2\], expected \[\.\.\., height, width\]/);
    for (const wrong of [0, -1, 1.5, "2", null, undefined]) {
      expectError(() => maxPool2d(a, wrong as number), "option", /maxPool2d\(a, size\): size is/);
    }
    expectError(() => maxPool2d([[1]] as unknown as Tensor, 1), "shape", /a is an array of 1, expected a Tensor/);
    a.dispose();
    expectError(() => maxPool2d(a, 1), "disposed", /was disposed/);
    for (const made of [flat, none]) made.dispose();
  });
});
