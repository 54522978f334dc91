import fc from "fast-check";
import { expect, test } from "vitest";
import { fitted, inSight, moved, pointAt, seen, zoomed } from "../../src/paint/view.js";

const extent = fc.integer({ min: 1, max: 8000 });
const size = fc.record({ width: extent, height: extent });
const number = fc.double({ min: -5000, max: 5000, noNaN: true });
const view = fc.record({ scale: fc.double({ min: 0.01, max: 64, noNaN: true }), left: number, upper: number });

test("fitted shows the whole picture, in the middle", () => {
  fc.assert(
    fc.property(size, size, (picture, canvas) => {
      const { scale, left, upper } = fitted(picture, canvas);
      expect(left).toBeGreaterThanOrEqual(-1e-6);
      expect(upper).toBeGreaterThanOrEqual(-1e-6);
      expect(2 * left + scale * picture.width).toBeCloseTo(canvas.width, 6);
      expect(2 * upper + scale * picture.height).toBeCloseTo(canvas.height, 6);
      expect(seen(fitted(picture, canvas), picture, canvas)).toEqual({ left: 0, upper: 0, ...picture });
    }),
  );
});

test("zoomed keeps the point under the pointer", () => {
  fc.assert(
    fc.property(view, fc.double({ min: 0.1, max: 10, noNaN: true }), number, number, (before, factor, x, y) => {
      const from = pointAt(before, x, y);
      const to = pointAt(zoomed(before, factor, x, y, 0.01), x, y);
      expect(Math.abs(to.x - from.x)).toBeLessThan(1e-6 * (1 + Math.abs(from.x)));
      expect(Math.abs(to.y - from.y)).toBeLessThan(1e-6 * (1 + Math.abs(from.y)));
    }),
  );
});

test("zoomed stays between the least scale and 64", () => {
  expect(zoomed({ scale: 1, left: 0, upper: 0 }, 1e9, 0, 0, 0.5).scale).toBe(64);
  expect(zoomed({ scale: 1, left: 0, upper: 0 }, 1e-9, 0, 0, 0.5).scale).toBe(0.5);
});

test("a picture cannot be moved out of sight", () => {
  fc.assert(
    fc.property(view, size, number, number, (before, picture, x, y) => {
      const canvas = { width: 800, height: 600 };
      const shown = seen(inSight(moved(before, x, y), picture, canvas), picture, canvas);
      expect(shown.width * shown.height).toBeGreaterThan(0);
    }),
  );
});

test("seen is the part of the picture whose pixels lie on the canvas", () => {
  const picture = { width: 100, height: 50 };
  const canvas = { width: 40, height: 40 };
  expect(seen({ scale: 2, left: -20, upper: 10 }, picture, canvas)).toEqual({ left: 10, upper: 0, width: 20, height: 15 });
  expect(seen({ scale: 1, left: 40, upper: 0 }, picture, canvas)).toEqual({ left: 0, upper: 0, width: 0, height: 0 });
});
