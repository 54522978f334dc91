// Matrix products, with batches that broadcast.
import { describe, expect, test } from "vitest";
import { matmul, memory, type Tensor, tensor } from "../../src/index.js";
import { expectClose, expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { integers, normals } from "../helpers/random.js";
import { at, build, type Nd, sizeOf } from "../oracle/nd.js";

function reference(a: Nd, b: Nd): Nd {
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const rank = Math.max(batchA.length, batchB.length);
  const extent = (batch: readonly number[], axis: number) => batch[axis - rank + batch.length] ?? 1;
  const batch = Array.from({ length: rank }, (_, i) => (extent(batchA, i) === 1 ? extent(batchB, i) : extent(batchA, i)));
  const pick = (own: readonly number[], index: readonly number[]) =>
    index.slice(rank - own.length, rank).map((i, axis) => (own[axis] === 1 ? 0 : i));
  const [m, k] = a.shape.slice(-2);
  return build([...batch, m, b.shape.at(-1) as number], (index) => {
    const [row, column] = index.slice(-2);
    let total = 0;
    for (let i = 0; i < k; i++) total += at(a, [...pick(batchA, index), row, i]) * at(b, [...pick(batchB, index), i, column]);
    return total;
  });
}

const random = (shape: readonly number[], seed: number): Nd => ({ shape, values: Float64Array.from(normals(sizeOf(shape), seed)) });

// every size from 0 to 9, sizes about the tiles of 4 x 8, the slices of 256 and the blocks of 64 x 128, and some at random
const sizes: number[][] = [
  ...Array.from({ length: 10 }, (_, n) => [n, 3, 5]),
  ...Array.from({ length: 10 }, (_, n) => [5, n, 3]),
  ...Array.from({ length: 10 }, (_, n) => [3, 5, n]),
  ...[
    [1, 1, 1],
    [4, 8, 8],
    [5, 9, 17],
    [2, 255, 9],
    [3, 256, 8],
    [3, 257, 7],
    [1, 600, 1],
    [33, 65, 31],
    [67, 260, 140],
  ],
  ...Array.from({ length: 6 }, (_, i) => [...integers(3, 60, i)]),
];

const batches: [number[], number[]][] = [
  [
    [3, 2, 5],
    [3, 5, 4],
  ],
  [
    [2, 5],
    [3, 5, 4],
  ],
  [
    [3, 2, 5],
    [5, 4],
  ],
  [
    [2, 1, 2, 5],
    [3, 5, 4],
  ],
  [
    [1, 2, 5],
    [3, 5, 4],
  ],
  [
    [2, 3, 3, 9],
    [2, 3, 9, 9],
  ],
  [
    [0, 2, 5],
    [5, 4],
  ],
  [
    [2, 0, 5],
    [2, 5, 4],
  ],
];

describe("matmul", () => {
  test.each(sizes)("of %i x %i by k x %i", (m, k, n) => {
    const [a, b] = [random([m, k], 1), random([k, n], 2)];
    const [x, y] = [tensor(a.values, a.shape), tensor(b.values, b.shape)];
    const out = matmul(x, y);
    expect(out.shape).toEqual([m, n]);
    expectClose(out.data, reference(a, b).values, { absolute: 1e-5, relative: 1e-5 });
    for (const made of [x, y, out]) made.dispose();
  });

  test.each(sizes)("gives both gradients as products, %i x %i by k x %i", (m, k, n) => {
    const [a, b, upstream] = [random([m, k], 1), random([k, n], 2), random([m, n], 3)];
    const transposed = (one: Nd) => build([one.shape[1], one.shape[0]], ([i, j]) => at(one, [j, i]));
    const [x, y] = [a, b].map(({ values, shape }) => tensor(values, shape, { requiresGrad: true }));
    matmul(x, y).backward(tensor(upstream.values, upstream.shape));
    expectClose(x.grad?.data ?? [], reference(upstream, transposed(b)).values, { absolute: 1e-5, relative: 1e-5 });
    expectClose(y.grad?.data ?? [], reference(transposed(a), upstream).values, { absolute: 1e-5, relative: 1e-5 });
    for (const made of [x, y]) made.dispose();
  });

  test.each(batches)("broadcasts the batch axes of %j and %j", (left, right) => {
    const before = memory();
    const [a, b] = [random(left, 1), random(right, 2)];
    const [x, y] = [tensor(a.values, left), tensor(b.values, right)];
    const out = matmul(x, y);
    const expected = reference(a, b);
    expect(out.shape).toEqual(expected.shape);
    expectClose(out.data, expected.values, { absolute: 1e-5 });
    for (const made of [x, y, out]) made.dispose();
    expect(memory()).toEqual(before);
    gradCheck(matmul, [a, b]);
  });

  test.each([
    [[3], [3], []],
    [[2, 3], [3], [2]],
    [[3], [3, 4], [4]],
    [[5, 2, 3], [3], [5, 2]],
    [[3], [5, 3, 2], [5, 2]],
    [[1], [1], []],
    [[0], [0], []],
    [[0], [0, 2], [2]],
  ])("takes vectors as NumPy does: %j by %j is %j", (left, right, shape) => {
    const before = memory();
    const [a, b] = [random(left, 1), random(right, 2)];
    const asRow = { ...a, shape: left.length === 1 ? [1, ...left] : left };
    const asColumn = { ...b, shape: right.length === 1 ? [...right, 1] : right };
    const [x, y] = [tensor(a.values, left), tensor(b.values, right)];
    const out = matmul(x, y);
    expect(out.shape).toEqual(shape);
    expectClose(out.data, reference(asRow, asColumn).values, { absolute: 1e-5 });
    for (const made of [x, y, out]) made.dispose();
    expect(memory()).toEqual(before);
    gradCheck(matmul, [a, b]);
  });

  test("has the gradient of a matrix times itself", () => {
    gradCheck((a) => matmul(a, a), [random([3, 3], 5)]);
  });

  test("lets infinities and NaN through to their rows and columns only", () => {
    const [a, b] = [tensor([Infinity, 1, 1, 1], [2, 2]), tensor([1, 2, NaN, 4], [2, 2])];
    const out = matmul(a, b);
    expectSame(out.data, [NaN, Infinity, NaN, 6]);
    for (const made of [a, b, out]) made.dispose();
  });

  test("rejects shapes that do not fit, and what is no tensor", () => {
    const make = (shape: number[]) => tensor(normals(sizeOf(shape)), shape);
    const [a, b, c, d] = [make([2, 3]), make([2, 3]), make([3]), make([4, 3, 2])];
    const e = make([5, 2, 3]);
    expectError(
      () => matmul(a, b),
      "shape",
      /matmul\(a, b\): shapes are \[2, 3\] and \[2, 3\], expected \[\.\.\., m, k\] and \[\.\.\., k, n\]/,
    );
    const [vector, scalar] = [make([2]), make([])];
    expectError(() => matmul(a, vector), "shape", /\[2, 3\] and \[2\], expected/);
    expectError(() => matmul(c, a), "shape", /\[3\] and \[2, 3\], expected/);
    expectError(() => matmul(c, vector), "shape", /\[3\] and \[2\], expected/);
    expectError(() => matmul(scalar, c), "shape", /\[\] and \[3\], expected/);
    expectError(() => matmul(c, scalar), "shape", /\[3\] and \[\], expected/);
    for (const made of [vector, scalar]) made.dispose();
    expectError(() => matmul(e, d), "shape", /shapes \[5\] and \[4\] do not broadcast/);
    expectError(() => matmul(a, 3 as unknown as Tensor), "shape", /b is 3, expected a Tensor/);
    expectError(() => matmul([[1]] as unknown as Tensor, a), "shape", /a is an array of 1, expected a Tensor/);
    c.dispose();
    d.dispose();
    expectError(() => matmul(a, d), "disposed", /was disposed/);
    for (const made of [a, b, e]) made.dispose();
  });
});
