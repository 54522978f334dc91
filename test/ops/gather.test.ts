// Entries of the first axis by index.
import { describe, expect, test } from "vitest";
import { gather, memory, type Tensor, tensor } from "../../src/index.js";
import { expectClose, expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { integers, normals } from "../helpers/random.js";

describe("gather", () => {
  test.each(lengths)("picks %i entries, repeated ones too, and adds their gradients up", (n) => {
    const before = memory();
    const [values, index, upstream] = [normals(11, 1), integers(n, 11, n), normals(n, 3)];
    const a = tensor(values, [11], { requiresGrad: true });
    const out = gather(a, index);
    expect(out.shape).toEqual([n]);
    expectSame(
      out.data,
      Array.from(index, (i) => values[i]),
    );
    out.backward(upstream);
    const expected = new Float64Array(11);
    index.forEach((i, j) => {
      expected[i] += upstream[j];
    });
    expectClose(a.grad?.data ?? [], expected, { absolute: 1e-4 });
    for (const made of [a, out]) made.dispose();
    expect(memory()).toEqual(before);
  });

  test.each(lengths)("picks rows of %i", (width) => {
    const values = normals(4 * width, 1);
    const a = tensor(values, [4, width]);
    const out = gather(a, [3, 0, 0, 2, 3]);
    expect(out.shape).toEqual([5, width]);
    expectSame(
      out.data,
      [3, 0, 0, 2, 3].flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]),
    );
    for (const made of [a, out]) made.dispose();
  });

  test("has the gradient of finite differences, with rows of several axes", () => {
    gradCheck((a) => gather(a, [2, 0, 2]), [{ shape: [3, 2, 2], values: normals(12) }]);
    gradCheck((a) => gather(a, []), [{ shape: [3, 2], values: normals(6) }]);
  });

  test("keeps its index when the caller's changes", () => {
    const index = new Int32Array([1, 1]);
    const a = tensor([1, 2, 3], [3], { requiresGrad: true });
    const out = gather(a, index);
    index.fill(0);
    out.backward([1, 1]);
    expectSame(a.grad?.data ?? [], [0, 2, 0]);
    for (const made of [a, out]) made.dispose();
  });

  test("rejects an index that names no entry, and what is no index", () => {
    const [a, scalar, empty] = [tensor([1, 2, 3]), tensor(1), tensor([], [0, 2])];
    expectError(() => gather(a, [0, 3]), "shape", /gather\(a, index\): index\[1\] is 3, but the first axis has entries 0\.\.2/);
    for (const wrong of [[-1], [0.5], [NaN], ["0"], [null]]) expectError(() => gather(a, wrong as number[]), "shape", /index\[0\] is/);
    for (const wrong of [0, undefined, null, "0", a]) {
      expectError(() => gather(a, wrong as unknown as number[]), "shape", /index is .*, expected an array of whole numbers/);
    }
    expectError(() => gather(scalar, [0]), "shape", /the tensor has no axes/);
    expectError(() => gather(empty, [0]), "shape", /index\[0\] is 0, but the first axis is empty/);
    expectError(() => gather([1] as unknown as Tensor, [0]), "shape", /a is an array of 1, expected a Tensor/);
    a.dispose();
    expectError(() => gather(a, [0]), "disposed", /was disposed/);
    for (const made of [scalar, empty]) made.dispose();
  });

  test("reads an index once, and takes one in the engine's memory", () => {
    const a = tensor([1, 2, 3], undefined, { requiresGrad: true });
    const index = [0];
    let reads = 0;
    Object.defineProperty(index, 0, {
      get: () => {
        reads += 1;
        return reads > 1 ? -120 : 2;
      },
    });
    expect(gather(a, index).toArray()).toEqual([3]);
    expect(reads).toBe(1);
    expect(gather(a, tensor([2, 0]).data).toArray()).toEqual([3, 1]);
  });
});
