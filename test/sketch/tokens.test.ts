import fc from "fast-check";
import { expect, test } from "vitest";
import { fillCounts, tokensOf } from "../../src/sketch/tokens.js";

// mostly zeros, with gaps and counts around the limits of a token
const count = fc.oneof(
  { weight: 20, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(15, 16, 17, 142, 143, 144, 2 ** 31, 2 ** 32 - 1) },
);
const counts = fc
  .tuple(fc.constantFrom(2, 4, 64), fc.integer({ min: 1, max: 3 }))
  .chain(([bins, classes]) =>
    fc.tuple(fc.constant(bins), fc.array(count, { minLength: 2 * bins * classes, maxLength: 2 * bins * classes })),
  );

test("tokensOf(counts, bins) and fillCounts(tokens, bins, counts) are inverse to each other", () => {
  fc.assert(
    fc.property(counts, ([bins, list]) => {
      const tokens = tokensOf(Uint32Array.from(list), bins);
      expect(tokens.tokens.length).toBe(list.filter((count) => count > 0).length);
      const read = new Uint32Array(list.length);
      expect(fillCounts(tokens, bins, read)).toBe(true);
      expect([...read]).toEqual(list);
    }),
  );
});

test("tokensOf takes bins by octaves, negatives before positives, and puts large numbers aside", () => {
  // of one class in four bins: negatives and positives by turns, so in the order of tokens 1 0 | 0 3 | 0 20 0 7
  const { tokens, extras } = tokensOf(Uint32Array.of(1, 0, 0, 3, 0, 0, 20, 7), 4);
  expect([...tokens]).toEqual([0x00, 0x22, 0x1f, 0x16]);
  expect([...extras]).toEqual([4]);
  // of two classes in two bins: the negatives of both in bin 0, then the positives of both, then those of bin 1
  expect([...tokensOf(Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2).tokens]).toEqual([0, 4, 1, 5, 2, 6, 3, 7]);
  // the octave of bins 256 to 511 comes after 512 counts
  const far = new Uint32Array(1024);
  far[2 * 300] = 1;
  expect([...tokensOf(far, 512).extras]).toEqual([((512 + 44 - 15) % 128) + 128, 4]);
});

test("fillCounts refuses tokens of more counts, and extras that no token needs", () => {
  const { tokens, extras } = tokensOf(Uint32Array.of(1, 0, 0, 3, 0, 0, 20, 0), 4);
  const fill = (tokens: number[], extras: number[]) =>
    fillCounts({ tokens: Uint8Array.from(tokens), extras: Uint8Array.from(extras) }, 4, new Uint32Array(8));
  expect(fill([...tokens], [...extras])).toBe(true);
  expect(fill([...tokens, 0x40], [...extras])).toBe(false);
  expect(fill([...tokens], [...extras, 0])).toBe(false);
});
