// Elements at random become 0, the others larger.
import { describe, expect, test } from "vitest";
import { dropout, memory, ones, tensor } from "../../src/index.js";
import { uniform } from "../../src/random.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";

// element i is kept where the i-th random number of the seed is at least p
function reference(values: ArrayLike<number>, p: number, seed: number): Float32Array {
  const next = uniform(seed);
  return Float32Array.from(values, (x) => (next() >= p ? Math.fround(x * Math.fround(1 / (1 - p))) : 0));
}

// the values of a call on ones
function drawn(seed?: number): number[] {
  const x = ones([64]);
  const out = dropout(x, 0.5, { seed });
  const values = [...out.data];
  for (const made of [x, out]) made.dispose();
  return values;
}

describe("dropout", () => {
  test.each(lengths)("drops by the random numbers of its seed, forward and backward, at length %i", (n) => {
    const before = memory();
    for (const [p, seed] of [
      [0.5, 1],
      [0.1, -7],
      [1 / 3, 2 ** 31 + 5],
      [0.999, 4],
    ]) {
      const x = tensor(normals(n, 3), [n], { requiresGrad: true });
      const out = dropout(x, p, { seed });
      expectSame(out.data, reference(x.data, p, seed));
      out.backward(normals(n, 4));
      expectSame(x.grad?.data ?? [], reference(normals(n, 4), p, seed));
      for (const made of [x, out]) made.dispose();
    }
    expect(memory()).toEqual(before);
  });

  test("keeps all for p = 0 and nothing for p = 1, or one that float32 cannot tell from 1", () => {
    const x = tensor([1, -2, NaN, Infinity], [2, 2], { requiresGrad: true });
    const kept = dropout(x, 0);
    expectSame(kept.data, x.data);
    for (const p of [1, 1 - 2 ** -40]) {
      const out = dropout(x, p);
      expect(out.shape).toEqual([2, 2]);
      expectSame(out.data, [0, 0, 0, 0]);
      out.backward([
        [1, 2],
        [3, 4],
      ]);
      expectSame(x.grad?.data ?? [], [0, 0, 0, 0]);
      out.dispose();
    }
    for (const made of [x, kept]) made.dispose();
  });

  test("drops about as many as p says, wherever they stand, and keeps the mean", () => {
    const x = ones([100_000]);
    for (const p of [0.1, 0.5, 0.8]) {
      const out = dropout(x, p, { seed: 11 });
      const kept = out.data.filter((value) => value !== 0);
      // five standard deviations
      const slack = 5 * Math.sqrt(p * (1 - p) * x.size);
      expect(Math.abs(kept.length - (1 - p) * x.size)).toBeLessThan(slack);
      const evenKept = out.data.filter((value, i) => i % 2 === 0 && value !== 0).length;
      expect(Math.abs(evenKept - kept.length / 2)).toBeLessThan(slack);
      expect(kept.every((value) => value === Math.fround(1 / (1 - p)))).toBe(true);
      out.dispose();
    }
    x.dispose();
  });

  test("has the gradient of finite differences", () => {
    gradCheck((x) => dropout(x, 0.4, { seed: 5 }), [{ shape: [3, 7], values: normals(21, 1) }]);
  });

  test("has one mask per seed, and without a seed a new one each time", () => {
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
    const masks = Array.from({ length: 20 }, () => drawn().join());
    expect(new Set(masks).size).toBe(20);
  });

  test("drops by default every other element", () => {
    const x = ones([1000]);
    const [out, other] = [dropout(x), x.dropout(undefined, { seed: 1 })];
    for (const made of [out, other]) expect([...new Set(made.data)].sort()).toEqual([0, 2]);
    for (const made of [x, out, other]) made.dispose();
  });

  test("rejects shares that are none, seeds that are none, and what is no tensor", () => {
    const x = ones([2]);
    for (const p of [-0.1, 1.1, Number.NaN, null, "0.5"]) {
      expectError(() => dropout(x, p as number), "option", /^dropout\(x, p, options\): p is .*, expected a finite number from 0 to 1/);
    }
    for (const seed of [1.5, null, "1", Infinity]) {
      expectError(() => dropout(x, 0.5, { seed: seed as number }), "option", /^dropout\(x, p, options\): seed is/);
    }
    expectError(() => dropout(x, 0.5, { sed: 1 } as never), "option", /has no option "sed"; it knows seed/);
    expectError(() => dropout([1] as never), "shape", /x is an array of 1, expected a Tensor/);
    x.dispose();
    expectError(() => dropout(x), "disposed", /was disposed/);
  });
});
