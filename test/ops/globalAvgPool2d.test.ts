// The mean of whole planes.
import { describe, expect, test } from "vitest";
import { globalAvgPool2d, memory, type Tensor, tensor } from "../../src/index.js";
import { expectSame, expectUlps } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";
import { type Nd, reduce, sizeOf, sum } from "../oracle/nd.js";

const shapes = [
  [1, 1, 1, 1],
  [2, 3, 4, 5],
  [3, 1, 1, 7],
  [1, 2, 7, 1],
  [0, 2, 3, 3],
  [2, 0, 3, 3],
];

function reference(a: Nd): Float64Array {
  return reduce(a, [2, 3], (plane) => sum(plane) / plane.length).values;
}

describe("globalAvgPool2d", () => {
  test.each(shapes.map((shape) => [shape]))("of shape %j is the mean of each plane, and shares out the gradients", (shape) => {
    const before = memory();
    const a: Nd = { shape, values: Float64Array.from(normals(sizeOf(shape), 2)) };
    const made = tensor(a.values, shape);
    const out = globalAvgPool2d(made);
    expect(out.shape).toEqual([shape[0], shape[1], 1, 1]);
    expectUlps(out.data, reference(a), 0.5001);
    for (const one of [made, out]) one.dispose();
    expect(memory()).toEqual(before);
    gradCheck(globalAvgPool2d, [a]);
  });

  test.each(lengths.filter((n) => n > 0))("of planes of %i pixels", (pixels) => {
    const a: Nd = { shape: [2, 2, 1, pixels], values: Float64Array.from(normals(4 * pixels, pixels)) };
    const made = tensor(a.values, a.shape, { requiresGrad: true });
    const out = globalAvgPool2d(made);
    expectUlps(out.data, reference(a), 0.5001);
    out.backward([
      [[[1]], [[2]]],
      [[[3]], [[4]]],
    ]);
    const expected = [1, 2, 3, 4].flatMap((g) => Array.from({ length: pixels }, () => g / pixels));
    expectUlps(made.grad?.data ?? [], expected, 1.5);
    for (const one of [made, out]) one.dispose();
  });

  test("sums in float64", () => {
    const a = tensor([1e30, 3, -1e30, 5, 3e38, 3e38], [1, 1, 1, 6]);
    const b = tensor([2 ** 24, 1, 1, -(2 ** 24)], [1, 1, 2, 2]);
    const outs = [globalAvgPool2d(a), globalAvgPool2d(b)];
    expectSame(
      outs.map((out) => out.item()),
      [1e38, 0.5].map(Math.fround),
    );
    for (const made of [a, b, ...outs]) made.dispose();
  });

  test("is NaN of no pixels, and keeps NaN and infinity", () => {
    const [none, odd] = [tensor([], [1, 2, 0, 3], { requiresGrad: true }), tensor([NaN, 1, Infinity, 1], [1, 2, 1, 2])];
    const outs = [globalAvgPool2d(none), globalAvgPool2d(odd)];
    expectSame(outs[0].data, [NaN, NaN]);
    expectSame(outs[1].data, [NaN, Infinity]);
    outs[0].backward([[[[1]], [[1]]]]);
    expect(none.grad?.shape).toEqual([1, 2, 0, 3]);
    for (const made of [none, odd, ...outs]) made.dispose();
  });

  test("rejects other ranks, and what is no tensor", () => {
    for (const shape of [[], [4], [2, 2], [1, 2, 2], [1, 1, 1, 2, 2]]) {
      const a = tensor(normals(sizeOf(shape)), shape);
      expectError(() => globalAvgPool2d(a), "shape", /^globalAvgPool2d\(a\): the tensor has shape \[.*\], expected \[B, C, H, W\]/);
      a.dispose();
    }
    expectError(() => globalAvgPool2d([[1]] as unknown as Tensor), "shape", /a is an array of 1, expected a Tensor/);
    const gone = tensor([1], [1, 1, 1, 1]);
    gone.dispose();
    expectError(() => globalAvgPool2d(gone), "disposed", /was disposed/);
  });
});
