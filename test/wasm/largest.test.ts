import { expect, test } from "vitest";
import { kernels } from "../../src/wasm/instance.js";
import { scratch, viewF32 } from "../../src/wasm/memory.js";
import { expectSame } from "../helpers/closeTo.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";

test.each(lengths)("largest_f32 finds the largest of every column of planes of %i", (n) => {
  for (const count of [1, 2, 5]) {
    const planes = normals(count * n, n + 1);
    scratch([4 * count * n, 4 * (n + 1)], (from, to) => {
      viewF32(from, count * n).set(planes);
      viewF32(to, n + 1).fill(77);
      kernels.largest_f32(from, to, count, n);
      const expected = Array.from({ length: n }, (_, i) => Math.max(...Array.from({ length: count }, (_, k) => planes[k * n + i])));
      expectSame(viewF32(to, n), expected);
      expect(viewF32(to, n + 1)[n]).toBe(77);
    });
  }
});
