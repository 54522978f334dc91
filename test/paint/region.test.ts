import fc from "fast-check";
import { expect, test } from "vitest";
import { HELD_OUT, UNPAINTED } from "../../src/paint/messages.js";
import { closedRegion } from "../../src/paint/region.js";

const drawing = (rows: string[]) => ({
  width: rows[0].length,
  height: rows.length,
  labels: Uint8Array.from([...rows.join("")], (one) => (one === "#" ? 1 : one === "h" ? 1 | HELD_OUT : one === "o" ? 0 : UNPAINTED)),
});

test("an outline closes a region in, whatever is painted within", () => {
  const strokes = drawing([".......", ".####..", ".#.o##.", ".#.oo#.", ".##h##.", "......."]);
  const region = closedRegion(strokes, 2, 2, 1);
  expect([...(region?.at ?? [])].sort((a, b) => a - b)).toEqual([16, 17, 23, 24, 25]);
  expect(region?.box).toEqual({ left: 2, upper: 2, width: 3, height: 2 });
});

test("a gap, the border, or a point outside is no closed region", () => {
  const open = drawing([".......", ".##.##.", ".#...#.", ".#...#.", ".#####.", "......."]);
  expect(closedRegion(open, 2, 2, 1)).toBeNull();
  const closed = drawing(["...", ".#.", "..."]);
  expect(closedRegion(closed, 1, 1, 1)).toBeNull();
  expect(closedRegion(closed, -1, 0, 1)).toBeNull();
  expect(closedRegion(closed, 0, 3, 1)).toBeNull();
});

test("a region ends where its class is painted, and never on the border", () => {
  const [width, height] = [9, 8];
  const labels = fc.uint8Array({ minLength: width * height, maxLength: width * height, max: 1 });
  fc.assert(
    fc.property(labels, fc.nat(width - 1), fc.nat(height - 1), (given, x, y) => {
      const region = closedRegion({ width, height, labels: given.map((one) => (one === 1 ? 1 : UNPAINTED)) }, x, y, 1);
      if (!region) return;
      const isIn = new Set(region.at);
      expect(isIn.has(y * width + x)).toBe(true);
      for (const i of region.at) {
        expect(given[i]).toBe(0);
        for (const next of [i - 1, i + 1, i - width, i + width]) expect(isIn.has(next) || given[next] === 1).toBe(true);
        expect([0, width - 1]).not.toContain(i % width);
        expect([0, height - 1]).not.toContain(Math.floor(i / width));
      }
    }),
    { numRuns: 300 },
  );
});
