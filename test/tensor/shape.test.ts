// Arithmetic of shapes.
import { describe, expect, test } from "vitest";
import { around, broadcastShapes, checkAxis, checkShape, sameShape, show, sizeOf, stridesOf } from "../../src/tensor/shape.js";
import { expectError } from "../helpers/errors.js";

describe("shapes", () => {
  test("have a size, strides and a text", () => {
    expect([[], [3], [2, 3, 4], [2, 0, 4]].map(sizeOf)).toEqual([1, 3, 24, 0]);
    expect([[], [3], [2, 3, 4], [2, 0, 4]].map(stridesOf)).toEqual([[], [1], [12, 4, 1], [0, 4, 1]]);
    expect([[], [3], [2, 3]].map(show)).toEqual(["[]", "[3]", "[2, 3]"]);
  });

  test("are the same where rank and extents are", () => {
    expect(sameShape([], [])).toBe(true);
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    expect(sameShape([2, 3], [2, 3, 1])).toBe(false);
    expect(sameShape([2, 3, 1], [2, 3])).toBe(false);
    expect(sameShape([2, 3], [3, 2])).toBe(false);
  });

  test("broadcast as NumPy does, an extent of 1 to 0 too", () => {
    expect(broadcastShapes("f", [2, 1, 3], [4, 1])).toEqual([2, 4, 3]);
    expect(broadcastShapes("f", [], [2, 3])).toEqual([2, 3]);
    expect(broadcastShapes("f", [1], [0])).toEqual([0]);
    expect(broadcastShapes("f", [0, 2], [1])).toEqual([0, 2]);
    expectError(() => broadcastShapes("f", [2], [0]), "shape", /f: shapes \[2\] and \[0\] do not broadcast/);
    expectError(() => broadcastShapes("f", [2, 3], [2]), "shape", /\[2, 3\] and \[2\]/);
  });

  test("are copied when checked, from arrays of either kind", () => {
    const shape = [2, 3];
    expect(checkShape("f", shape)).toEqual([2, 3]);
    expect(checkShape("f", shape)).not.toBe(shape);
    expect(checkShape("f", new Int32Array([2, 3]))).toEqual([2, 3]);
    for (const wrong of [[-1], [1.5], [NaN], [Infinity], ["2"], [null], [[2]]]) {
      expectError(() => checkShape("f", wrong), "shape", /f: shape is \[.*\], expected an array of whole numbers of at least 0/);
    }
    for (const wrong of [undefined, null, 3, "3", {}, () => 0]) expectError(() => checkShape("f", wrong), "shape", /f: shape is/);
  });

  test("have axes counted from either end", () => {
    expect([0, 1, 2, -1, -2, -3].map((axis) => checkAxis("f", axis, 3))).toEqual([0, 1, 2, 2, 1, 0]);
    for (const wrong of [3, -4, 0.5, NaN, "0", null, undefined, [0]]) {
      expectError(() => checkAxis("f", wrong, 3), "shape", /f: axis is .*, but the tensor has 3 axes \(-3\.\.2\)/);
    }
  });

  test("are seen as outer, own and inner extent around an axis", () => {
    expect(around([2, 3, 4], 0)).toEqual({ outer: 1, n: 2, inner: 12 });
    expect(around([2, 3, 4], 1)).toEqual({ outer: 2, n: 3, inner: 4 });
    expect(around([2, 3, 4], 2)).toEqual({ outer: 6, n: 4, inner: 1 });
  });
});
