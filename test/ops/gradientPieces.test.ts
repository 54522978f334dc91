import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradientPieces } from "../../src/ops/gradientPieces.js";

const small = (min: number) => fc.integer({ min, max: 9 });

describe("gradientPieces(extent, kernel, stride, padding)", () => {
  test("holds every pixel that a tap reaches once, with all its taps", () => {
    fc.assert(
      fc.property(small(0), small(1), small(1), small(0), (extent, kernel, stride, padding) => {
        const found = Array.from({ length: extent }, () => [] as number[]);
        for (const { start, count, first, phases, taps } of gradientPieces(extent, kernel, stride, padding)) {
          for (let r = start; r < start + count; r++) {
            for (let phase = first; phase < first + phases; phase++) {
              const y = r * stride + phase - padding;
              if (y < 0 || y >= extent) continue;
              expect(found[y]).toEqual([]);
              found[y] = Array.from({ length: taps }, (_, j) => phase + j * stride);
            }
          }
        }
        const expected = found.map((_, y) =>
          Array.from({ length: kernel }, (_, tap) => tap).filter((tap) => (y + padding - tap) % stride === 0),
        );
        expect(found).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("has at most thrice as many places as pixels", () => {
    fc.assert(
      fc.property(small(1), small(1), fc.integer({ min: 1, max: 2000 }), fc.nat(5000), (extent, kernel, stride, padding) => {
        const pieces = gradientPieces(extent, kernel, stride, padding);
        expect(pieces.reduce((sum, { count, phases }) => sum + count * phases, 0)).toBeLessThanOrEqual(3 * extent);
      }),
    );
  });
});
