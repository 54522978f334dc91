// The mean of windows side by side.
import { describe, expect, test } from "vitest";
import { avgPool2d, memory, type Tensor, tensor } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";
import { windows } from "../helpers/windows.js";
import { at, build, indices, type Nd, sizeOf, sum } from "../oracle/nd.js";

function reference(a: Nd, size: number): Nd {
  const shape = [...a.shape.slice(0, -2), ...a.shape.slice(-2).map((extent) => Math.floor(extent / size))];
  return build(shape, (index) => {
    const [y, x] = index.slice(-2);
    const window = indices([size, size]).map(([dy, dx]) => at(a, [...index.slice(0, -2), y * size + dy, x * size + dx]));
    return sum(window) / window.length;
  });
}

describe("avgPool2d", () => {
  test.each(windows)("of shape %j by windows of %i leaves out what fills none", (shape, size) => {
    const before = memory();
    const a: Nd = { shape, values: Float64Array.from(normals(sizeOf(shape), 2)) };
    const made = tensor(a.values, shape);
    const out = avgPool2d(made, size);
    const expected = reference(a, size);
    expect(out.shape).toEqual(expected.shape);
    expectClose(out.data, expected.values);
    for (const one of [made, out]) one.dispose();
    expect(memory()).toEqual(before);
    gradCheck((x) => avgPool2d(x, size), [a]);
  });

  test.each(lengths.filter((n) => n > 1))("of planes %i wide", (width) => {
    const a: Nd = { shape: [2, 5, width], values: Float64Array.from(normals(10 * width, width)) };
    const made = tensor(a.values, a.shape);
    const out = avgPool2d(made, 2);
    expectClose(out.data, reference(a, 2).values);
    for (const one of [made, out]) one.dispose();
  });

  test("rejects windows that do not fit, sizes that are none, and what is no tensor", () => {
    const [a, flat, none] = [tensor(normals(12), [3, 4]), tensor([1, 2]), tensor([], [2, 0, 3])];
    expectError(() => avgPool2d(a, 4), "shape", /avgPool2d\(a, size\): a window of 4 does not fit planes of 3 x 4/);
    expectError(() => avgPool2d(none, 1), "shape", /does not fit planes of 0 x 3/);
    expectError(() => avgPool2d(flat, 1), "shape", /the tensor has shape \[2\], expected \[\.\.\., height, width\]/);
    for (const wrong of [0, -1, 1.5, "2", null, undefined]) {
      expectError(() => avgPool2d(a, wrong as number), "option", /avgPool2d\(a, size\): size is/);
    }
    expectError(() => avgPool2d([[1]] as unknown as Tensor, 1), "shape", /a is an array of 1, expected a Tensor/);
    a.dispose();
    expectError(() => avgPool2d(a, 1), "disposed", /was disposed/);
    for (const made of [flat, none]) made.dispose();
  });
});
