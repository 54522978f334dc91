import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cropOf, mirrored } from "../../../src/paint/learner/crop.js";
import { HELD_OUT, UNPAINTED } from "../../../src/paint/messages.js";
import { uniform } from "../../../src/random.js";
import { noisyCanvas } from "./helpers/pictures.js";

const EXTENT = 7;
const size = fc.integer({ min: 1, max: 12 });
const label = [0, 1, 2, UNPAINTED, HELD_OUT, 1 | HELD_OUT];

// where the pixel at column u, row v of a crop comes from, before mirroring
function origin(turn: number, u: number, v: number, x: number, y: number): [number, number] {
  let [dx, dy] = [u - x, v - y];
  if (turn & 4) [dx, dy] = [v - y, u - x];
  return [turn & 1 ? -dx : dx, turn & 2 ? -dy : dy];
}

describe("cropOf", () => {
  test("has each pixel from where the turn says, mirrored beyond the borders, where it is unpainted", () => {
    const at = fc.integer({ min: 0, max: 10 ** 6 });
    const within = fc.integer({ min: 0, max: EXTENT - 1 });
    fc.assert(
      fc.property(size, size, at, within, within, fc.integer({ min: 0, max: 7 }), (width, height, pixel, x, y, turn) => {
        const painted = noisyCanvas(width, height);
        const random = uniform(pixel);
        painted.paint({
          box: { left: 0, upper: 0, width, height },
          labels: Uint8Array.from({ length: width * height }, () => label[Math.floor(6 * random())]),
        });
        const place = { at: pixel % (width * height), x, y, turn };
        const crop = cropOf(painted, 2, EXTENT, place);
        const { rgb, mean, scale } = painted.pixels;
        for (let v = 0; v < EXTENT; v++) {
          for (let u = 0; u < EXTENT; u++) {
            const [dx, dy] = origin(turn, u, v, x, y);
            const [px, py] = [(place.at % width) + dx, Math.floor(place.at / width) + dy];
            const from = mirrored(py, height) * width + mirrored(px, width);
            const isInside = px >= 0 && py >= 0 && px < width && py < height;
            const own = painted.labels[from];
            expect(crop.labels[v * EXTENT + u]).toBe(isInside && own < 2 ? own : UNPAINTED);
            for (let c = 0; c < 3; c++) {
              expect(crop.planes[c * EXTENT ** 2 + v * EXTENT + u]).toBe(Math.fround((rgb[3 * from + c] - mean[c]) * scale[c]));
            }
          }
        }
        const middle = painted.labels[place.at];
        expect(crop.labels[y * EXTENT + x]).toBe(middle < 2 ? middle : UNPAINTED);
      }),
      { numRuns: 60 },
    );
  });
});

test("mirrored walks to the end and back, again and again", () => {
  expect(Array.from({ length: 13 }, (_, i) => mirrored(i - 5, 3))).toEqual([1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1]);
  expect([-3, 0, 4].map((at) => mirrored(at, 1))).toEqual([0, 0, 0]);
});
