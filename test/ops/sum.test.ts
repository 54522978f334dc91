// Sums over one axis, several, or all.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, memory, mul, sum, type Tensor, tensor } from "../../src/index.js";
import { expectClose, expectSame, expectUlps } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";
import { reductions } from "../helpers/reductions.js";
import { type Nd, reduce, sizeOf, sum as total } from "../oracle/nd.js";

describe("sum", () => {
  test.each(lengths)("adds up %i numbers, rounded once", (n) => {
    const values = normals(n, n);
    const a = tensor(values);
    const out = sum(a);
    expect(out.shape).toEqual([]);
    expectUlps(out.data, [total([...values])], 0.51);
    for (const made of [a, out]) made.dispose();
  });

  test.each(lengths)("adds up columns of %i inner elements", (inner) => {
    const a: Nd = { shape: [2, 3, inner], values: Float64Array.from(normals(6 * inner, inner)) };
    const made = tensor(a.values, a.shape);
    const out = sum(made, 1);
    expect(out.shape).toEqual([2, inner]);
    expectUlps(out.data, reduce(a, [1], total).values, 0.51);
    for (const one of [made, out]) one.dispose();
  });

  test.each(reductions)("of shape %j over axes %j", (shape, axes) => {
    const a: Nd = { shape, values: Float64Array.from(normals(sizeOf(shape), 3)) };
    const before = memory();
    const made = tensor(a.values, shape);
    const out = sum(made, axes);
    const expected = reduce(a, axes ?? shape.map((_, axis) => axis), total);
    expect(out.shape).toEqual(expected.shape);
    expectClose(out.data, expected.values);
    for (const one of [made, out]) one.dispose();
    expect(memory()).toEqual(before);
    gradCheck((x) => sum(x, axes), [a]);
  });

  test("counts negative axes from the back, in any order", () => {
    const a = tensor(normals(24), [2, 3, 4]);
    const pairs: [Tensor, Tensor][] = [
      [sum(a, -1), sum(a, 2)],
      [sum(a, [-1, 0]), sum(a, [0, 2])],
      [sum(a, [2, 0]), sum(a, [0, 2])],
    ];
    for (const [x, y] of pairs) expect(x.toArray()).toEqual(y.toArray());
    for (const made of [a, ...pairs.flat()]) made.dispose();
  });

  test("does not lose small numbers beside large ones", () => {
    const a = tensor([2 ** 30, 1, -(2 ** 30), 2 ** -20]);
    const out = sum(a);
    expect(out.item()).toBe(1 + 2 ** -20);
    for (const made of [a, out]) made.dispose();
  });

  test("of nothing is 0", () => {
    const a = tensor([], [2, 0, 3]);
    const outs = [sum(a), sum(a, 1), sum(a, [0, 1])];
    expectSame(outs[0].data, [0]);
    expectSame(outs[1].data, [0, 0, 0, 0, 0, 0]);
    expectSame(outs[2].data, [0, 0, 0]);
    for (const made of [a, ...outs]) made.dispose();
  });

  test("over no axes is the tensor itself, copied", () => {
    const a = tensor([1, 2, 3]);
    const out = sum(a, []);
    a.data.fill(0);
    expectSame(out.data, [1, 2, 3]);
    for (const made of [a, out]) made.dispose();
  });

  test("is linear", () => {
    const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: -9, max: 9 }), (values, factor) => {
        const before = memory();
        const a = tensor(values, [values.length]);
        const scaled = mul(a, factor);
        const both = add(a, scaled);
        const [x, y] = [sum(a), sum(both)];
        expect(y.item()).toBe((1 + factor) * x.item() + 0);
        for (const made of [a, scaled, both, x, y]) made.dispose();
        expect(memory()).toEqual(before);
      }),
    );
  });

  test("rejects axes that are not there, named twice, or no axes", () => {
    const a = tensor(normals(6), [2, 3]);
    expectError(() => sum(a, 2), "shape", /sum\(a, axis\): axis is 2, but the tensor has 2 axes \(-2\.\.1\)/);
    expectError(() => sum(a, -3), "shape", /axis is -3/);
    expectError(() => sum(a, [0, 0]), "shape", /axis names one axis twice in \[0,0\]/);
    expectError(() => sum(a, [1, -1]), "shape", /twice/);
    for (const wrong of [0.5, "0", null, {}, NaN, [null]]) {
      expectError(() => sum(a, wrong as unknown as number), "shape", /axis is /);
    }
    expectError(() => sum([1] as unknown as Tensor), "shape", /a is an array of 1, expected a Tensor/);
    a.dispose();
    expectError(() => sum(a), "disposed", /was disposed/);
  });
});
