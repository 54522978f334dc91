// Every pixel as a square.
import { describe, expect, test } from "vitest";
import { memory, type Tensor, tensor, upsampleNearest } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";
import { at, build, type Nd, sizeOf } from "../oracle/nd.js";

function reference(a: Nd, scale: number): Nd {
  const shape = [...a.shape.slice(0, -2), ...a.shape.slice(-2).map((extent) => extent * scale)];
  return build(shape, (index) => at(a, [...index.slice(0, -2), ...index.slice(-2).map((i) => Math.floor(i / scale))]));
}

const cases: [number[], number][] = [
  [[1, 1], 1],
  [[1, 1], 5],
  [[2, 3, 4, 5], 2],
  [[2, 2, 8], 2],
  [[3, 2, 11], 2],
  [[3, 1, 7], 3],
  [[2, 7, 1], 2],
  [[0, 2, 2], 2],
  [[2, 0, 3], 2],
  [[2, 3, 0], 2],
];

describe("upsampleNearest", () => {
  test.each(cases)("of shape %j by %i repeats each pixel, and sums the gradients back", (shape, scale) => {
    const before = memory();
    const a: Nd = { shape, values: Float64Array.from(normals(sizeOf(shape), 2)) };
    const made = tensor(a.values, shape);
    const out = upsampleNearest(made, scale);
    const expected = reference(a, scale);
    expect(out.shape).toEqual(expected.shape);
    expectSame(out.data, expected.values);
    for (const one of [made, out]) one.dispose();
    expect(memory()).toEqual(before);
    gradCheck((x) => upsampleNearest(x, scale), [a]);
  });

  test.each(lengths)("of planes %i wide", (width) => {
    const a: Nd = { shape: [2, 2, width], values: Float64Array.from(normals(4 * width, width)) };
    const made = tensor(a.values, a.shape);
    const outs = [2, 3].map((scale) => upsampleNearest(made, scale));
    expectSame(outs[0].data, reference(a, 2).values);
    expectSame(outs[1].data, reference(a, 3).values);
    for (const one of [made, ...outs]) one.dispose();
  });

  test("rejects scales that are none, tensors without planes, and what is no tensor", () => {
    const [a, flat] = [tensor(normals(12), [3, 4]), tensor([1, 2])];
    for (const wrong of [0, -1, 1.5, "2", null, undefined]) {
      expectError(() => upsampleNearest(a, wrong as number), "option", /upsampleNearest\(a, scale\): scale is/);
    }
    expectError(() => upsampleNearest(flat, 2), "shape", /the tensor has shape \[2\], expected \[\.\.\., height, width\]/);
    expectError(() => upsampleNearest(1 as unknown as Tensor, 2), "shape", /a is 1, expected a Tensor/);
    expectError(() => upsampleNearest(a, 1e6), "memory", /cannot allocate \d+ bytes/);
    a.dispose();
    expectError(() => upsampleNearest(a, 2), "disposed", /was disposed/);
    flat.dispose();
  });
});
