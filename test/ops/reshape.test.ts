// The same values in another shape.
import { describe, expect, test } from "vitest";
import { memory, reshape, type Tensor, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";

describe("reshape", () => {
  test.each([
    [[12], [12]],
    [
      [3, 4],
      [3, 4],
    ],
    [
      [2, 6],
      [2, 6],
    ],
    [
      [3, -1],
      [3, 4],
    ],
    [[-1], [12]],
    [
      [2, 2, -1, 1],
      [2, 2, 3, 1],
    ],
  ])("to %j has the shape %j and the same values", (shape, expected) => {
    const before = memory();
    const values = normals(12);
    const a = tensor(values, [4, 3]);
    const out = reshape(a, shape);
    expect(out.shape).toEqual(expected);
    expectSame(out.data, values);
    for (const made of [a, out]) made.dispose();
    expect(memory()).toEqual(before);
    gradCheck((x) => reshape(x, shape), [{ shape: [4, 3], values }]);
  });

  test("shares memory, which lives as long as either", () => {
    const before = memory();
    const a = tensor([1, 2, 3, 4]);
    const out = reshape(a, [2, 2]);
    expect(memory().tensors).toBe(before.tensors + 1);
    a.data[3] = 9;
    a.dispose();
    expect(out.toArray()).toEqual([
      [1, 2],
      [3, 9],
    ]);
    out.dispose();
    expect(memory()).toEqual(before);
  });

  test("adds up the gradients of a tensor and its other shapes without mixing them", () => {
    gradCheck(
      (a) => reshape(reshape(a, [6]).mul(reshape(a, [6])), [3, 2]).add(reshape(a, [3, 2])),
      [{ shape: [2, 3], values: normals(6) }],
    );
  });

  test("goes to no axes and to empty shapes", () => {
    const [one, none] = [tensor([7]), tensor([])];
    const outs = [reshape(one, []), reshape(none, [0, 5]), reshape(none, [2, -1])];
    expect(outs.map((out) => out.shape)).toEqual([[], [0, 5], [2, 0]]);
    for (const made of [one, none, ...outs]) made.dispose();
  });

  test("rejects shapes that the elements do not fill, and what is no shape", () => {
    const a = tensor(normals(12), [3, 4]);
    expectError(() => reshape(a, [5]), "shape", /reshape\(a, shape\): \[3, 4\] has 12 elements, which do not fill \[5\]/);
    expectError(() => reshape(a, [5, -1]), "shape", /do not fill \[5, -1\]/);
    expectError(() => reshape(a, [0, -1]), "shape", /do not fill \[0, -1\]/);
    for (const wrong of [[-1, -1], [3, -4], [1.5, 8], [NaN], 12, undefined, "12"]) {
      expectError(() => reshape(a, wrong as number[]), "shape", /reshape\(a, shape\): shape is .*, expected an array of whole numbers/);
    }
    expectError(() => reshape([1] as unknown as Tensor, [1]), "shape", /a is an array of 1, expected a Tensor/);
    a.dispose();
    expectError(() => reshape(a, [12]), "disposed", /was disposed/);
  });
});
