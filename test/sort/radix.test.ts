// The radix sort below sort() on its own: rows side by side, indices, and the order of float32 as keys.
import { expect, test } from "vitest";
import { COUNTER_BYTES } from "../../src/ops/sort.js";
import { kernels } from "../../src/wasm/instance.js";
import { scratch, viewF32, viewI32 } from "../../src/wasm/memory.js";
import { expectSame } from "../helpers/closeTo.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";

function sorted(values: Float32Array, rows: number, descending: boolean): { values: number[]; index: number[] } {
  const n = values.length / rows;
  return scratch(
    [4 * values.length, 4 * values.length, 4 * values.length, 8 * n, 8 * n, COUNTER_BYTES],
    (a, out, index, x, y, counters) => {
      viewF32(a, values.length).set(values);
      for (let at = 0; at < 4 * values.length; at += 4 * n) kernels.sort_f32(a + at, out + at, index + at, n, descending, x, y, counters);
      return { values: [...viewF32(out, values.length)], index: [...viewI32(index, values.length)] };
    },
  );
}

test.each(lengths.filter((n) => n > 0))("sorts three rows of %i, each by itself", (n) => {
  const values = normals(3 * n, n);
  for (const descending of [false, true]) {
    const came = sorted(values, 3, descending);
    for (let row = 0; row < 3; row++) {
      const own = values.subarray(row * n, (row + 1) * n);
      const expected = Float32Array.from(own).sort();
      if (descending) expected.reverse();
      expectSame(came.values.slice(row * n, (row + 1) * n), expected);
      expectSame(
        came.index.slice(row * n, (row + 1) * n).map((i) => own[i]),
        expected,
      );
      expect(new Set(came.index.slice(row * n, (row + 1) * n)).size).toBe(n);
    }
  }
});

test("sorts what is already in order, in reverse, and all one", () => {
  const up = Float32Array.from({ length: 5000 }, (_, i) => i - 2500);
  expectSame(sorted(up, 1, false).values, up);
  expectSame(sorted(up.toReversed(), 1, false).values, up);
  const one = new Float32Array(5000).fill(-3.5);
  for (const descending of [false, true]) expect(sorted(one, 1, descending).index).toEqual([...one.keys()]);
});

test("knows one key for both zeros and another for each other float32 near them", () => {
  const tiny = 2 ** -149;
  const { values, index } = sorted(Float32Array.from([tiny, 0, -0, -tiny, -0, 0]), 1, false);
  expectSame(values, [-tiny, 0, -0, -0, 0, tiny]);
  expect(index).toEqual([3, 1, 2, 4, 5, 0]);
});
