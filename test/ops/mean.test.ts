// Means over one axis, several, or all.
import { describe, expect, test } from "vitest";
import { mean, memory, type Tensor, tensor } from "../../src/index.js";
import { expectClose, expectSame, expectUlps } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";
import { reductions } from "../helpers/reductions.js";
import { type Nd, reduce, sizeOf, sum } from "../oracle/nd.js";

const average = (values: number[]) => sum(values) / values.length;

describe("mean", () => {
  test.each(lengths)("of %i numbers, rounded once; NaN of none", (n) => {
    const values = normals(n, n);
    const a = tensor(values);
    const out = mean(a);
    expectUlps(out.data, [average([...values])], 0.51);
    for (const made of [a, out]) made.dispose();
  });

  test.each(reductions)("of shape %j over axes %j", (shape, axes) => {
    const a: Nd = { shape, values: Float64Array.from(normals(sizeOf(shape), 3)) };
    const before = memory();
    const made = tensor(a.values, shape);
    const out = mean(made, axes);
    const expected = reduce(a, axes ?? shape.map((_, axis) => axis), average);
    expect(out.shape).toEqual(expected.shape);
    expectClose(out.data, expected.values);
    for (const one of [made, out]) one.dispose();
    expect(memory()).toEqual(before);
    gradCheck((x) => mean(x, axes), [a]);
  });

  test("over an empty axis is NaN", () => {
    const a = tensor([], [2, 0]);
    const out = mean(a, 1);
    expectSame(out.data, [NaN, NaN]);
    for (const made of [a, out]) made.dispose();
  });

  test("rejects axes that are not there, and what is no tensor", () => {
    const a = tensor(normals(6), [2, 3]);
    expectError(() => mean(a, 2), "shape", /mean\(a, axis\): axis is 2, but the tensor has 2 axes \(-2\.\.1\)/);
    expectError(() => mean(a, [0, -2]), "shape", /axis names one axis twice/);
    expectError(() => mean(7 as unknown as Tensor), "shape", /a is 7, expected a Tensor/);
    a.dispose();
  });
});
