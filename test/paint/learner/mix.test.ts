import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Crop } from "../../../src/paint/learner/crop.js";
import { type Border, drawBorder, mixInto, shareAt } from "../../../src/paint/learner/mix.js";
import { UNPAINTED } from "../../../src/paint/messages.js";
import { uniform } from "../../../src/random.js";

const EXTENT = 12;

const crop = fc
  .record({
    planes: fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 3 * EXTENT ** 2, maxLength: 3 * EXTENT ** 2 }),
    labels: fc.array(fc.constantFrom(0, 1, 2, UNPAINTED), { minLength: EXTENT ** 2, maxLength: EXTENT ** 2 }),
  })
  .map(
    ({ planes, labels }): Crop => ({
      extent: EXTENT,
      planes: Float32Array.from(planes, (value) => value / 100),
      labels: Uint8Array.from(labels),
    }),
  );

const border = fc.integer().map((seed): Border => drawBorder(uniform(seed), 5, 6));

const copyOf = ({ extent, planes, labels }: Crop): Crop => ({ extent, planes: planes.slice(), labels: labels.slice() });

// as the text has it, pixel by pixel
function reference(a: Crop, b: Crop, line: Border): Crop {
  const mixed = copyOf(a);
  for (let i = 0; i < EXTENT ** 2; i++) {
    const share = shareAt(line, i % EXTENT, Math.floor(i / EXTENT));
    if (share < 0.02) continue;
    for (let c = 0; c < 3; c++) {
      const at = c * EXTENT ** 2 + i;
      mixed.planes[at] = (1 - share) * a.planes[at] + share * b.planes[at];
    }
    const isSeenAlone = share > 0.98;
    const arePainted = a.labels[i] !== UNPAINTED && b.labels[i] !== UNPAINTED;
    mixed.labels[i] = isSeenAlone ? b.labels[i] : arePainted ? (share > 0.5 ? b : a).labels[i] : UNPAINTED;
  }
  return mixed;
}

describe("mixInto", () => {
  test("is the slow reference", () => {
    fc.assert(
      fc.property(crop, crop, border, (a, b, line) => {
        const expected = reference(a, b, line);
        mixInto(a, b, line);
        expect(a.labels).toEqual(expected.labels);
        for (const [i, value] of a.planes.entries()) expect(value).toBeCloseTo(expected.planes[i], 4);
      }),
    );
  });

  test("leaves a crop that is mixed with itself as it is, but for unpainted pixels", () => {
    fc.assert(
      fc.property(crop, border, (a, line) => {
        const before = copyOf(a);
        mixInto(a, copyOf(before), line);
        expect(a).toEqual(before);
      }),
    );
  });
});

describe("shareAt", () => {
  test("is one half on the line, and symmetric about it", () => {
    fc.assert(
      fc.property(
        border,
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 9, noNaN: true }),
        (drawn, along, away) => {
          const line = { ...drawn, radius: null };
          const at = (side: number) => {
            const [cos, sin] = [Math.cos(line.angle), Math.sin(line.angle)];
            return shareAt(line, line.x + side * away * cos - along * sin, line.y + side * away * sin + along * cos);
          };
          expect(at(0)).toBeCloseTo(0.5);
          expect(at(1) + at(-1)).toBeCloseTo(1);
        },
      ),
    );
  });

  test("is large in the middle of an ellipse, and small far outside", () => {
    const ellipse: Border = { x: 10, y: 10, angle: 1, radius: 6, stretch: 1.2, softness: 0.5 };
    expect(shareAt(ellipse, 10, 10)).toBeGreaterThan(0.99);
    expect(shareAt(ellipse, 30, 10)).toBeLessThan(0.01);
  });
});

test("drawBorder draws lines as often as ellipses, near the pixel", () => {
  const random = uniform(3);
  const drawn = Array.from({ length: 1000 }, () => drawBorder(random, 20, 30));
  expect(drawn.filter(({ radius }) => radius === null).length).toBeGreaterThan(440);
  expect(drawn.filter(({ radius }) => radius === null).length).toBeLessThan(560);
  for (const { x, y } of drawn) expect(Math.hypot(x - 20, y - 30)).toBeLessThanOrEqual(3 * Math.SQRT2);
});
