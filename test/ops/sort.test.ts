// Sorting along any axis: order as IEEE 754 has it, stable, differentiable.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argsort, memory, sort, type Tensor, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { apart, integers, normals } from "../helpers/random.js";
import { mapRows, type Nd, sizeOf } from "../oracle/nd.js";

// indices in stable order; NaN after every number
function order(row: ArrayLike<number>, descending = false): number[] {
  const compare = (x: number, y: number) => (Number.isNaN(x) ? 1 : 0) - (Number.isNaN(y) ? 1 : 0) || (x < y ? -1 : x > y ? 1 : 0);
  return [...Array(row.length).keys()].sort((i, j) => (descending ? -1 : 1) * compare(row[i], row[j]) || i - j);
}

const anyFloats = fc.array(fc.oneof(fc.float(), fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 2 ** -149, -(2 ** -149), 1, 1)), {
  maxLength: 80,
});

describe("sort", () => {
  test.each(lengths)("orders %i numbers, both ways, ties in their old order", (n) => {
    const before = memory();
    // few different values, so that there are ties
    for (const values of [normals(n, n), Float32Array.from(integers(n, 5, n), (x) => x - 2)]) {
      const a = tensor(values);
      for (const descending of [false, true]) {
        const out = sort(a, { descending });
        const expected = order(values, descending);
        expectSame(
          out.data,
          expected.map((i) => values[i]),
        );
        expect([...argsort(a, { descending })]).toEqual(expected);
        out.dispose();
      }
      a.dispose();
    }
    expect(memory()).toEqual(before);
  });

  test("is a stable permutation in order for any float32, zeros equal, NaN greatest", () => {
    fc.assert(
      fc.property(anyFloats, fc.boolean(), (list, descending) => {
        const values = Float32Array.from(list);
        const before = memory();
        const a = tensor(values, [values.length]);
        const out = sort(a, { descending });
        const expected = order(values, descending);
        expectSame(
          out.data,
          expected.map((i) => values[i]),
        );
        expect([...argsort(a, { descending })]).toEqual(expected);
        for (const made of [a, out]) made.dispose();
        expect(memory()).toEqual(before);
      }),
    );
  });

  test("tells neighbouring floats apart wherever they differ, in each digit of the radix sort", () => {
    const bits = Uint32Array.from(
      { length: 3000 },
      (_, i) => (i % 3 === 0 ? i : i % 3 === 1 ? i << 11 : i << 22) ^ (i & 1 ? 0x80000000 : 0),
    );
    const values = new Float32Array(bits.buffer).filter((x) => !Number.isNaN(x));
    const a = tensor(values);
    expect([...argsort(a)]).toEqual(order(values));
    a.dispose();
  });

  test("puts the extremes in their places", () => {
    const a = tensor([NaN, Infinity, 1, 2 ** -149, 0, -0, -(2 ** -149), -1, -Infinity, -NaN]);
    const [up, down] = [sort(a), sort(a, { descending: true })];
    expectSame(up.data, [-Infinity, -1, -(2 ** -149), 0, -0, 2 ** -149, 1, Infinity, NaN, NaN]);
    expectSame(down.data, [NaN, NaN, Infinity, 1, 2 ** -149, 0, -0, -(2 ** -149), -1, -Infinity]);
    for (const made of [a, up, down]) made.dispose();
  });

  test.each([
    [[3, 9], 1],
    [[3, 9], 0],
    [[2, 5, 3], 1],
    [[2, 5, 3], -3],
    [[2, 0, 3], 1],
    [[0, 2], 1],
    [[1, 4, 1], 1],
    [[2, 3, 2, 2], 2],
  ] as const)("of shape %j along axis %i", (shape, axis) => {
    const a: Nd = { shape, values: Float64Array.from(apart(sizeOf(shape))) };
    const at = axis < 0 ? axis + shape.length : axis;
    const before = memory();
    const made = tensor(a.values, shape);
    for (const descending of [false, true]) {
      const out = sort(made, { axis, descending });
      const [values, places] = [
        mapRows(a, at, (row) => order(row, descending).map((i) => row[i])),
        mapRows(a, at, (row) => order(row, descending)),
      ];
      expect(out.shape).toEqual(shape);
      expectSame(out.data, values.values);
      expect([...argsort(made, { axis, descending })]).toEqual([...places.values]);
      out.dispose();
    }
    made.dispose();
    expect(memory()).toEqual(before);
    gradCheck((x) => sort(x, { axis }), [a]);
    gradCheck((x) => sort(x, { axis, descending: true }), [a]);
  });

  test.each(lengths)("takes the gradient of each of %i numbers to where it stood", (n) => {
    const [values, upstream] = [Float32Array.from(integers(2 * n, 4, n)), normals(2 * n, 1)];
    const a = tensor(values, [2, n], { requiresGrad: true });
    sort(a, { descending: true }).backward(tensor(upstream, [2, n]));
    const expected = new Float32Array(2 * n);
    for (const row of [0, n]) {
      order(values.subarray(row, row + n), true).forEach((from, i) => {
        expected[row + from] = upstream[row + i];
      });
    }
    expectSame(a.grad?.data ?? [], expected);
    a.dispose();
  });

  test("takes the last axis by default, and gives argsort no part in a graph", () => {
    const a = tensor([3, 1, 2, 4], [2, 2], { requiresGrad: true });
    const out = sort(a);
    expect(out.toArray()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    const index = argsort(a);
    expect(index).toBeInstanceOf(Int32Array);
    expect([...index]).toEqual([1, 0, 0, 1]);
    for (const made of [a, out]) made.dispose();
  });

  test("rejects options it does not know and axes that are not there", () => {
    const [a, scalar] = [tensor([3, 1, 2]), tensor(1)];
    for (const operator of [sort, argsort]) {
      const name = operator.name;
      expectError(() => operator(a, { axis: 1 }), "shape", new RegExp(`${name}\\(a, options\\): axis is 1, but the tensor has 1 axes`));
      expectError(() => operator(a, { axis: 0.5 }), "option", /axis is 0\.5, expected an integer/);
      expectError(() => operator(a, { descending: 1 as unknown as boolean }), "option", /descending is 1, expected true or false/);
      expectError(() => operator(a, { reverse: true } as object), "option", /has no option "reverse"; it knows axis, descending/);
      expectError(() => operator(a, null as unknown as object), "option", /options is null, expected an object/);
      expectError(() => operator(scalar), "shape", /has 0 axes/);
      expectError(() => operator([2, 1] as unknown as Tensor), "shape", /a is an array of 2, expected a Tensor/);
    }
    a.dispose();
    expectError(() => sort(a), "disposed", /was disposed/);
    expectError(() => argsort(a), "disposed", /was disposed/);
    scalar.dispose();
  });
});
