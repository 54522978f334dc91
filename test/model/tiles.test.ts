import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBy, spansOf, tilingOf, weightAt } from "../../src/model/tiles.js";

const local = { block: 4, margin: 22, isLocal: true, hasStatistics: false, tile: 512, pad: 1 };

const cases = fc.record({
  extent: fc.integer({ min: 1, max: 700 }),
  tile: fc.integer({ min: 16, max: 200 }),
  overlap: fc.option(fc.integer({ min: 0, max: 150 }), { nil: undefined }),
  reach: fc.record({ block: fc.constantFrom(1, 2, 4, 32), margin: fc.integer({ min: 0, max: 60 }), isLocal: fc.boolean(), hasStatistics: fc.boolean(), tile: fc.constant(512), pad: fc.constant(1) }), // biome-ignore format: one line
});

describe("spansOf", () => {
  test("gives every pixel weights that add up to 1, of at most two tiles", () => {
    fc.assert(
      fc.property(cases, ({ extent, tile, overlap, reach }) => {
        const spans = spansOf(extent, tilingOf(reach, tile, overlap));
        for (let at = 0; at < extent; at++) {
          const within = spans.filter(({ start, end }) => at >= start && at < end);
          expect(within.length).toBeLessThanOrEqual(2);
          const weights = within.map((span) => weightAt(span, at));
          expect(Math.min(...weights)).toBeGreaterThan(0);
          expect(weights.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("makes one tile of what is no larger than a tile", () => {
    expect(spansOf(512, tilingOf(local))).toHaveLength(1);
    expect(spansOf(513, tilingOf(local))).toHaveLength(2);
  });
});

describe("readBy", () => {
  test("reads the margin around a span within the picture, from the begin of a block of the picture or of its mirror image", () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ extent, tile, overlap, reach }, mirrored) => {
        const tiling = tilingOf(reach, tile, overlap);
        for (const span of spansOf(extent, tiling)) {
          const { from, to } = readBy(span, extent, tiling, mirrored);
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(extent);
          expect(from).toBeLessThanOrEqual(Math.max(0, span.start - tiling.margin));
          expect(to).toBeGreaterThanOrEqual(Math.min(extent, span.end + tiling.margin));
          expect((mirrored ? extent - to : from) % reach.block).toBe(0);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("tilingOf", () => {
  test("reads what a logit depends on, and blends tiles only where that is not all", () => {
    expect(tilingOf(local)).toEqual({ tile: 512, margin: 22, blend: 0, block: 4 });
    expect(tilingOf({ ...local, isLocal: false })).toEqual({ tile: 512, margin: 22, blend: 64, block: 4 });
  });

  test("blends what is read in common beyond that, and half of it where it is too little", () => {
    expect(tilingOf(local, 100, 50)).toMatchObject({ margin: 22, blend: 6 });
    expect(tilingOf(local, 100, 40)).toMatchObject({ margin: 10, blend: 20 });
    expect(tilingOf(local, 100, 0)).toMatchObject({ margin: 0, blend: 0 });
  });
});
