import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { intersection, piecesOf, wholeOf, widened } from "../../../src/paint/learner/boxes.js";
import type { Box } from "../../../src/paint/messages.js";

const extent = fc.integer({ min: 1, max: 30 });
const box = fc.record({ left: fc.nat(20), upper: fc.nat(20), width: extent, height: extent });

const pixelsOf = ({ left, upper, width, height }: Box) =>
  new Set(Array.from({ length: width * height }, (_, i) => `${left + (i % width)},${upper + Math.floor(i / width)}`));

describe("piecesOf", () => {
  test("covers each pixel once, by pieces that are not too large", () => {
    fc.assert(
      fc.property(box, fc.integer({ min: 1, max: 12 }), (whole, most) => {
        const pieces = piecesOf(whole, most);
        for (const { width, height } of pieces) expect(Math.max(width, height)).toBeLessThanOrEqual(most);
        const pixels = pieces.flatMap((piece) => [...pixelsOf(piece)]);
        expect(pixels.length).toBe(whole.width * whole.height);
        expect(new Set(pixels)).toEqual(pixelsOf(whole));
      }),
    );
  });
});

describe("intersection", () => {
  test("has the pixels that are in both", () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const [inA, inB] = [pixelsOf(a), pixelsOf(b)];
        expect(pixelsOf(intersection(a, b))).toEqual(new Set([...inA].filter((pixel) => inB.has(pixel))));
      }),
    );
  });

  test("takes whole pixels of a box that begins and ends between two", () => {
    const seen = { left: -3.5, upper: 1.5, width: 6, height: 1.75 };
    expect(intersection(seen, wholeOf({ width: 9, height: 9 }))).toEqual({ left: 0, upper: 1, width: 3, height: 3 });
  });
});

test("widened begins at a block, has the margin, and stays in the picture", () => {
  const picture = wholeOf({ width: 100, height: 50 });
  expect(widened({ left: 40, upper: 3, width: 10, height: 10 }, 6, 8, picture)).toEqual({ left: 32, upper: 0, width: 24, height: 19 });
  expect(widened(picture, 6, 8, picture)).toEqual(picture);
});
