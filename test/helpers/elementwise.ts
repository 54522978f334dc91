// One suite for every elementwise operator: its values at every length against float64, its gradient, its errors.
import { describe, expect, test } from "vitest";
import { memory, type Tensor, tensor } from "../../src/index.js";
import { broadcastMap, type Nd } from "../oracle/nd.js";
import { expectClose, expectUlps } from "./closeTo.js";
import { expectError } from "./errors.js";
import { gradCheck } from "./gradCheck.js";
import { lengths } from "./lengths.js";
import { apart, normals, uniforms } from "./random.js";

export interface UnaryCase {
  name: string;
  operator: (a: Tensor) => Tensor;
  reference: (x: number) => number;
  /** Its derivative. */
  slope: (x: number) => number;
  /** What values to try. Default: normal. */
  values?: (count: number, seed: number) => Float32Array;
  /** How far from the reference values may lie, in units in the last place. Default 0.5: correctly rounded. */
  units?: number;
  /** What the backward pass reads. Default: the input. */
  saves?: "input" | "output" | "nothing";
}

export function testUnary({ name, operator, reference, slope, values = normals, units = 0.5, saves = "input" }: UnaryCase): void {
  describe(name, () => {
    test.each(lengths)("gives the reference's values at length %i", (n) => {
      const input = values(n, n + 1);
      const a = tensor(input);
      const out = operator(a);
      expect(out.shape).toEqual([n]);
      expectUlps(out.data, Float64Array.from(input, reference), units, name);
      expect(a.data).toEqual(input);
      for (const made of [a, out]) made.dispose();
    });

    test.each(lengths)("turns an upstream gradient into its input's at length %i", (n) => {
      const [input, upstream] = [values(n, n + 1), normals(n, n + 2)];
      const a = tensor(input, [n], { requiresGrad: true });
      operator(a).backward(upstream);
      const expected = Float64Array.from(input, (x, i) => upstream[i] * slope(x));
      expectClose(a.grad?.data ?? [], expected, { absolute: 1e-6, relative: 4e-6 });
      a.dispose();
    });

    test("has the gradient of finite differences", () => {
      const input = values === normals ? apart(12) : values(12, 5);
      gradCheck(operator, [{ shape: [3, 4], values: input }]);
    });

    test(`saves ${saves} for the backward pass, so that all else may be freed`, () => {
      const before = memory().tensors;
      const a = tensor(values(3, 1), [3], { requiresGrad: true });
      const between = a.neg();
      const out = operator(between);
      expect(memory().tensors - before).toBe(3);
      between.dispose();
      expect(memory().tensors - before).toBe(saves === "input" ? 3 : 2);
      for (const made of [a, out]) made.dispose();
    });

    test("keeps the shape, without axes too", () => {
      const before = memory();
      for (const shape of [[], [1], [2, 0, 3], [2, 1, 2]]) {
        const a = tensor(
          values(
            shape.reduce((x, y) => x * y, 1),
            3,
          ),
          shape,
        );
        const out = operator(a);
        expect(out.shape).toEqual(shape);
        for (const made of [a, out]) made.dispose();
      }
      expect(memory()).toEqual(before);
    });

    test("rejects what is no tensor", () => {
      for (const wrong of [undefined, null, 3, "x", [1], new Float32Array(2)]) {
        expectError(() => operator(wrong as unknown as Tensor), "shape", new RegExp(`^${name}\\(a.*\\): a is .*expected a Tensor`));
      }
    });
  });
}

export interface BinaryCase {
  name: string;
  operator: (a: Tensor | number, b: Tensor | number) => Tensor;
  reference: (x: number, y: number) => number;
}

/** Pairs of shapes that broadcast: equal, with extents of 1, of unequal ranks, without axes, empty. */
const pairs: readonly [number[], number[]][] = [
  [[], []],
  [[5], []],
  [[], [2, 3]],
  [[3, 4], [4]],
  [
    [3, 1],
    [1, 4],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [[1], [7]],
  [
    [4, 1, 1, 3],
    [2, 5, 1],
  ],
  [
    [2, 3, 1, 2, 1],
    [1, 4, 1, 3],
  ],
  [[0], [1]],
  [
    [2, 0],
    [1, 1],
  ],
  [
    [1, 3],
    [0, 1],
  ],
];

const some = (shape: readonly number[], seed: number): Nd => ({
  shape,
  values: Float64Array.from(
    uniforms(
      shape.reduce((x, y) => x * y, 1),
      0.5,
      2,
      seed,
    ),
    (x, i) => (i % 2 ? x : -x),
  ),
});

export function testBinary({ name, operator, reference }: BinaryCase): void {
  describe(name, () => {
    test.each(lengths)("gives the reference's values, correctly rounded, at length %i", (n) => {
      const [x, y] = [normals(n, n + 1), normals(n, n + 2)];
      const [a, b] = [tensor(x), tensor(y)];
      const out = operator(a, b);
      expectUlps(
        out.data,
        Float64Array.from(x, (value, i) => reference(value, y[i])),
        0.5,
        name,
      );
      for (const made of [a, b, out]) made.dispose();
    });

    test.each(pairs)("broadcasts %j with %j as NumPy does, both ways", (left, right) => {
      const before = memory();
      for (const [p, q] of [
        [left, right],
        [right, left],
      ]) {
        const [x, y] = [some(p, 1), some(q, 2)];
        const [a, b] = [tensor(x.values, p), tensor(y.values, q)];
        const out = operator(a, b);
        const expected = broadcastMap(x, y, reference);
        expect(out.shape).toEqual(expected.shape);
        expectUlps(out.data, expected.values, 0.5, name);
        for (const made of [a, b, out]) made.dispose();
      }
      expect(memory()).toEqual(before);
    });

    test.each(pairs)("sums gradients back over what was broadcast, %j with %j", (left, right) => {
      gradCheck(operator, [some(left, 1), some(right, 2)]);
    });

    test("takes a number on either side", () => {
      const before = memory();
      const a = tensor([1, -2, 4]);
      const [right, left] = [operator(a, 3), operator(3, a)];
      expectUlps(
        right.data,
        [1, -2, 4].map((x) => reference(x, 3)),
        0.5,
      );
      expectUlps(
        left.data,
        [1, -2, 4].map((x) => reference(3, x)),
        0.5,
      );
      for (const made of [a, right, left]) made.dispose();
      expect(memory()).toEqual(before);
    });

    test("gives a gradient to those inputs only that ask for one", () => {
      const before = memory();
      for (const asks of [0, 1]) {
        const inputs = [0, 1].map((i) => tensor([1, 2, 3], [3], { requiresGrad: i === asks }));
        operator(inputs[0], inputs[1]).backward([1, 1, 1]);
        expect(inputs[asks].grad).not.toBeNull();
        expect(inputs[1 - asks].grad).toBeNull();
        for (const made of inputs) made.dispose();
      }
      expect(memory()).toEqual(before);
    });

    test("has the gradient of a tensor used on both sides", () => {
      gradCheck((a) => operator(a, a), [some([2, 3], 4)]);
    });

    test("rejects shapes that do not broadcast, and what is no tensor", () => {
      const [a, b] = [tensor([1, 2, 3]), tensor([1, 2])];
      expectError(() => operator(a, b), "shape", /shapes \[3\] and \[2\] do not broadcast; give them equal extents or 1/);
      expectError(
        () => operator(a, "x" as unknown as Tensor),
        "shape",
        new RegExp(`^${name}\\(a, b\\): b is "x", expected a Tensor or a number`),
      );
      expectError(
        () => operator(null as unknown as Tensor, 2),
        "shape",
        new RegExp(`^${name}\\(a, b\\): a is null, expected a Tensor or a number`),
      );
      expectError(() => operator(2, [1] as unknown as Tensor), "shape", /b is an array of 1/);
      for (const made of [a, b]) made.dispose();
      expectError(() => operator(a, 2), "disposed", /tensor of shape \[3\] was disposed/);
      expectError(() => operator(2, a), "disposed", /tensor of shape \[3\] was disposed/);
    });
  });
}
