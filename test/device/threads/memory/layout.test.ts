// Each array of a block has the bytes that the picture in layout.ts gives it, and no two overlap.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type SlabExtents, scratchBytes, slabLayout, stripLayout, tableBytes } from "../../../../src/device/threads/memory/layout.js";
import { TILE } from "../../../../src/losses/lovaszClasses.js";
import { TASK_BYTES } from "../../../../src/losses/task.js";
import { kernels } from "../../../../src/wasm/instance.js";

function expectRoom(layout: ReturnType<typeof slabLayout | typeof stripLayout>, start: number, sizes: Record<string, number>): void {
  const offsets: Record<string, number> = layout.offsets(start);
  expect(Object.keys(offsets).sort()).toEqual(Object.keys(sizes).sort());
  const ordered = Object.entries(offsets).sort(([, a], [, b]) => a - b);
  const ends = [...ordered.slice(1).map(([, offset]) => offset), start + layout.bytes];
  expect(Math.min(...Object.values(offsets))).toBe(start);
  ordered.forEach(([name, offset], i) => {
    expect(offset % 64).toBe(0);
    // two empty arrays may share an offset
    if (sizes[name] > 0) expect(ends[i] - offset, name).toBeGreaterThanOrEqual(sizes[name]);
  });
}

const small = (max: number) => fc.integer({ min: 1, max });
const extents = fc
  .record({
    images: small(4),
    classes: small(6),
    slabs: small(5),
    tiles: small(3),
    bins: fc.constantFrom(0, 2, 1000),
    weighted: fc.boolean(),
  })
  .map(({ tiles, ...all }): SlabExtents => ({ ...all, width: tiles * TILE, order: [...Array(all.classes).keys()].slice(0, 3) }));

test("slabs", () => {
  fc.assert(
    fc.property(extents, small(8), fc.nat(100), (all, workers, blocks) => {
      const { images, classes, slabs, width, bins, weighted, order } = all;
      const row = 4 * images * slabs * width;
      expectRoom(slabLayout(all, workers), 64 * blocks, {
        logits: classes * row,
        labels: row,
        weights: weighted ? row : 0,
        probabilities: classes * row,
        keys: classes * row,
        otherSums: bins > 0 ? 0 : 2 * row,
        argmax: row,
        classGradients: classes * row,
        losses: 8 * order.length,
        pixelQueue: 8 + 4 * slabs,
        classQueue: 8 + 4 * order.length,
        gradientQueue: 8 + 4 * slabs,
        tasks: workers * TASK_BYTES,
        scratch: workers * scratchBytes(all),
      });
    }),
  );
});

test("the scratch of a worker holds a tile of all classes three times, and records or a table", () => {
  fc.assert(
    fc.property(extents, (all) => {
      const { images, classes, slabs, width, bins } = all;
      const n = images * slabs * width;
      expect(scratchBytes(all) % 64).toBe(0);
      expect(scratchBytes(all)).toBeGreaterThanOrEqual(3 * 4 * classes * TILE);
      // counts, masses and derivatives, in float64 or pairs of them
      expect(scratchBytes(all)).toBeGreaterThanOrEqual(bins > 0 ? 24 * (bins + 1) : kernels.roomBytes(n));
    }),
  );
});

test("strips", () => {
  fc.assert(
    fc.property(small(1000), fc.constantFrom(2, 100, 4096), small(40), fc.nat(100), (n, bins, strips, blocks) => {
      expect(tableBytes(bins)).toBeGreaterThanOrEqual(8 * (bins + 1));
      expect(tableBytes(bins) % 64).toBe(0);
      const row = 4 * n;
      const tables = strips * tableBytes(bins);
      expectRoom(stripLayout(n, bins, strips), 64 * blocks, {
        values: row,
        labels: row,
        errors: row,
        gradient: row,
        tables,
        ranges: 8 * strips,
      });
    }),
  );
});
