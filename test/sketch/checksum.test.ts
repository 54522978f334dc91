import { expect, test } from "vitest";
import { checksumOf } from "../../src/sketch/checksum.js";
import { sketch, weigh } from "../../src/sketch/index.js";

test("checksumOf(weights) changes with every bit of every field", () => {
  const { checksum, ...weights } = weigh(sketch("hinge", Float32Array.of(0.5, -2, 3), [1, 0, 1], { bins: 16 }));
  expect(checksumOf(weights)).toBe(checksum);
  const seen = new Set([checksum]);
  const bits = 32 * weights.slopes.length;
  for (let i = 0; i < bits; i++) {
    const slopes = weights.slopes.slice();
    new Uint32Array(slopes.buffer)[i >> 5] ^= 1 << (i & 31);
    seen.add(checksumOf({ ...weights, slopes }));
  }
  for (const other of [{ loss: "sigmoid" }, { bins: 8 }, { range: 4 }, { value: weights.value + 2 ** -50 }] as const) {
    seen.add(checksumOf({ ...weights, ...other }));
  }
  expect(seen.size).toBe(1 + bits + 4);
});
