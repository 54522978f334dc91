// Tensors one after another.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat, memory, type Tensor, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";
import { at, build, type Nd, sizeOf } from "../oracle/nd.js";

const shapes = fc
  .record({
    rest: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    extents: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
  })
  .chain(({ rest, extents }) =>
    fc.record({ rest: fc.constant(rest), extents: fc.constant(extents), axis: fc.integer({ min: 0, max: rest.length }) }),
  );

describe("concat", () => {
  test.each(lengths)("puts %i and 3 numbers together", (n) => {
    const [x, y] = [normals(n, 1), normals(3, 2)];
    const [a, b] = [tensor(x), tensor(y)];
    const out = concat([a, b], 0);
    expectSame(out.data, [...x, ...y]);
    for (const made of [a, b, out]) made.dispose();
  });

  test("along any axis holds each part as the slice it came from", () => {
    fc.assert(
      fc.property(shapes, ({ rest, extents, axis }) => {
        const before = memory();
        const parts = extents.map((extent, i): Nd => {
          const shape = rest.toSpliced(axis, 0, extent);
          return { shape, values: Float64Array.from(normals(sizeOf(shape), i)) };
        });
        const tensors = parts.map(({ values, shape }) => tensor(values, shape));
        const out = concat(tensors, axis);
        expect(out.shape).toEqual(
          rest.toSpliced(
            axis,
            0,
            extents.reduce((x, y) => x + y, 0),
          ),
        );
        const all: Nd = { shape: out.shape, values: Float64Array.from(out.data) };
        let start = 0;
        for (const part of parts) {
          const slice = build(part.shape, (index) => at(all, index.with(axis, index[axis] + start)));
          expectSame(slice.values, part.values);
          start += part.shape[axis];
        }
        for (const made of [...tensors, out]) made.dispose();
        expect(memory()).toEqual(before);
      }),
    );
  });

  test.each([0, 1, 2, -1])("along axis %i cuts the gradient apart", (axis) => {
    const shapeOf = (extent: number) => [2, 3, 2].with(axis, extent);
    const input = (extent: number, seed: number) => ({ shape: shapeOf(extent), values: normals(sizeOf(shapeOf(extent)), seed) });
    gradCheck((a, b, c) => concat([a, b, c], axis), [input(2, 1), input(0, 2), input(5, 3)]);
    gradCheck((a) => concat([a, a], axis), [input(3, 4)]);
  });

  test("gives a gradient to those parts only that ask for one", () => {
    const [a, b] = [tensor([1, 2], [2], { requiresGrad: true }), tensor([3])];
    concat([b, a, b], 0).backward([1, 2, 3, 4]);
    expectSame(a.grad?.data ?? [], [2, 3]);
    expect(b.grad).toBeNull();
    for (const made of [a, b]) made.dispose();
  });

  test("does not mind what becomes of the array it was given", () => {
    const a = tensor([1, 2], [2], { requiresGrad: true });
    const list = [a, a];
    const out = concat(list, 0);
    list.length = 0;
    out.backward([1, 2, 3, 4]);
    expectSame(a.grad?.data ?? [], [4, 6]);
    for (const made of [a, out]) made.dispose();
  });

  test("rejects shapes that differ elsewhere, missing axes, and what are no tensors", () => {
    const [a, b, c, scalar] = [tensor(normals(6), [2, 3]), tensor(normals(6), [3, 2]), tensor([1, 2, 3]), tensor(1)];
    expectError(() => concat([a, b], 0), "shape", /concat\(tensors, axis\): shapes \[2, 3\] and \[3, 2\] differ on another axis than 0/);
    expectError(() => concat([a, c], 0), "shape", /shapes \[2, 3\] and \[3\] differ/);
    expectError(() => concat([a, a], 2), "shape", /axis is 2, but the tensor has 2 axes/);
    expectError(() => concat([scalar, scalar], 0), "shape", /has 0 axes/);
    expectError(() => concat([], 0), "shape", /tensors is an array of 0, expected an array of at least one Tensor/);
    expectError(() => concat(a as unknown as Tensor[], 0), "shape", /tensors is a value of type Tensor/);
    expectError(() => concat([a, 3 as unknown as Tensor], 0), "shape", /tensors\[1\] is 3, expected a Tensor/);
    c.dispose();
    expectError(() => concat([c, c], 0), "disposed", /was disposed/);
    for (const made of [a, b, scalar]) made.dispose();
  });
});
