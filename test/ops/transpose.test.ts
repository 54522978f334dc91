// Permutations of axes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memory, type Tensor, tensor, transpose } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";
import { at, build, type Nd, sizeOf } from "../oracle/nd.js";

function reference(a: Nd, order: readonly number[]): Nd {
  return build(
    order.map((axis) => a.shape[axis]),
    (index) =>
      at(
        a,
        a.shape.map((_, axis) => index[order.indexOf(axis)]),
      ),
  );
}

const shapesAndOrders = fc
  .array(fc.integer({ min: 0, max: 5 }), { maxLength: 5 })
  .chain((shape) => fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })));

describe("transpose", () => {
  test.each(lengths)("turns 2 x %i and back", (n) => {
    const a: Nd = { shape: [2, n], values: Float64Array.from(normals(2 * n, n)) };
    const made = tensor(a.values, a.shape);
    const out = transpose(made);
    const back = transpose(out);
    expect(out.shape).toEqual([n, 2]);
    expectSame(out.data, reference(a, [1, 0]).values);
    expectSame(back.data, a.values);
    for (const one of [made, out, back]) one.dispose();
  });

  test("moves every element of any shape of up to five axes where the order says, and its inverse back", () => {
    fc.assert(
      fc.property(shapesAndOrders, ([shape, order]) => {
        const before = memory();
        const a: Nd = { shape, values: Float64Array.from(normals(sizeOf(shape), 1)) };
        const made = tensor(a.values, shape);
        const out = transpose(made, order);
        const expected = reference(a, order);
        expect(out.shape).toEqual(expected.shape);
        expectSame(out.data, expected.values);
        const back = transpose(
          out,
          order.map((_, axis) => order.indexOf(axis)),
        );
        expect(back.shape).toEqual(shape);
        expectSame(back.data, a.values);
        for (const one of [made, out, back]) one.dispose();
        expect(memory()).toEqual(before);
      }),
    );
  });

  test.each([
    [
      [2, 3, 4],
      [2, 0, 1],
    ],
    [
      [2, 3],
      [1, 0],
    ],
    [
      [2, 1, 3, 1, 2],
      [4, 1, 3, 0, 2],
    ],
    [[3], [0]],
    [[], []],
    [
      [2, 0],
      [1, 0],
    ],
  ])("takes the gradient of shape %j in the order %j back", (shape, order) => {
    gradCheck((a) => transpose(a, order), [{ shape, values: normals(sizeOf(shape), 3) }]);
  });

  test("reverses the axes by default and counts negative ones from the back", () => {
    const a = tensor(normals(24), [2, 3, 4]);
    const [reversed, same] = [transpose(a), transpose(a, [-1, -2, -3])];
    expect(reversed.shape).toEqual([4, 3, 2]);
    expect(same.toArray()).toEqual(reversed.toArray());
    for (const made of [a, reversed, same]) made.dispose();
  });

  test("rejects an order that is not one of the axes", () => {
    const a = tensor(normals(6), [2, 3]);
    for (const wrong of [[0], [0, 0], [0, 1, 1], []]) {
      expectError(() => transpose(a, wrong), "shape", /transpose\(a, axes\): axes is \[.*\], expected each of 0\.\.1 once/);
    }
    expectError(() => transpose(a, [0, 2]), "shape", /axis is 2, but the tensor has 2 axes/);
    expectError(() => transpose(a, "10" as unknown as number[]), "shape", /axes is "10", expected an array such as \[1, 0\]/);
    expectError(() => transpose(5 as unknown as Tensor), "shape", /a is 5, expected a Tensor/);
    a.dispose();
    expectError(() => transpose(a), "disposed", /was disposed/);
  });
});
