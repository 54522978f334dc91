// The largest element over one axis, several, or all.
import { describe, expect, test } from "vitest";
import { max, memory, type Tensor, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { apart, normals } from "../helpers/random.js";
import { reductions } from "../helpers/reductions.js";
import { type Nd, reduce, sizeOf } from "../oracle/nd.js";

const largest = (values: number[]) => Math.max(...values);

describe("max", () => {
  test.each(lengths.filter((n) => n > 0))("of %i numbers", (n) => {
    const values = normals(n, n);
    const a = tensor(values);
    const out = max(a);
    expectSame(out.data, [largest([...values])]);
    for (const made of [a, out]) made.dispose();
  });

  test.each(lengths)("of columns of %i inner elements", (inner) => {
    const a: Nd = { shape: [2, 3, inner], values: Float64Array.from(normals(6 * inner, inner)) };
    const made = tensor(a.values, a.shape);
    const out = max(made, 1);
    expectSame(out.data, reduce(a, [1], largest).values);
    for (const one of [made, out]) one.dispose();
  });

  test.each(reductions)("of shape %j over axes %j", (shape, axes) => {
    const a: Nd = { shape, values: Float64Array.from(apart(sizeOf(shape))) };
    const before = memory();
    const made = tensor(a.values, shape);
    const out = max(made, axes);
    const expected = reduce(a, axes ?? shape.map((_, axis) => axis), largest);
    expect(out.shape).toEqual(expected.shape);
    expectSame(out.data, expected.values);
    for (const one of [made, out]) one.dispose();
    expect(memory()).toEqual(before);
    gradCheck((x) => max(x, axes), [a]);
  });

  test("gives the gradient to the first of equals", () => {
    const a = tensor([3, 5, 5, -0, 0, 5], [2, 3], { requiresGrad: true });
    max(a, 1).backward([7, 8]);
    expectSame(a.grad?.data ?? [], [0, 7, 0, 0, 0, 8]);
    a.dispose();
    const b = tensor([3, 5, 5, 5], [2, 2], { requiresGrad: true });
    max(b).backward();
    expectSame(b.grad?.data ?? [], [0, 1, 0, 0]);
    b.dispose();
  });

  test("lets NaN win, the first of several, over Infinity too", () => {
    const a = tensor([1, NaN, Infinity, NaN, -Infinity, -Infinity], [3, 2], { requiresGrad: true });
    const out = max(a, 0);
    expectSame(out.data, [Infinity, NaN]);
    out.backward([1, 1]);
    expectSame(a.grad?.data ?? [], [0, 1, 1, 0, 0, 0]);
    for (const made of [a, out]) made.dispose();
  });

  test("of an empty axis is an error, beside an empty axis nothing", () => {
    const a = tensor([], [2, 0, 3]);
    expectError(() => max(a, 1), "shape", /max\(a, axis\): shape \[2, 0, 3\] has no elements along axis 1, expected at least one/);
    expectError(() => max(a), "shape", /no elements along axis 0,1,2/);
    const out = max(a, [0, 2]);
    expect(out.shape).toEqual([0]);
    for (const made of [a, out]) made.dispose();
  });

  test("rejects axes that are not there, and what is no tensor", () => {
    const a = tensor(normals(6), [2, 3]);
    expectError(() => max(a, 2), "shape", /max\(a, axis\): axis is 2, but the tensor has 2 axes/);
    expectError(() => max(a, [0, 0]), "shape", /twice/);
    expectError(() => max("a" as unknown as Tensor), "shape", /a is "a", expected a Tensor/);
    a.dispose();
    expectError(() => max(a), "disposed", /was disposed/);
    expectError(() => max(a, 0), "disposed", /was disposed/);
  });
});
