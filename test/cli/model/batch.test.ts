import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IGNORED } from "../../../src/cli/data/pictures.js";
import { batchOf, type Crop, readCrop, whole } from "../../../src/cli/model/batch.js";
import { noise } from "../helpers/samples.js";

const turned = (crop: Partial<Crop>): Crop => ({ ...whole(noise(4, 8)), ...crop });

describe("batchOf", () => {
  test("a whole picture lies as it is, brought to mean 0 and variance 1", () => {
    const sample = noise(4, 8);
    const { pixels, labels, shape } = batchOf([whole(sample)]);
    expect(shape).toEqual([1, 3, 8, 4]);
    expect([...labels]).toEqual([...sample.labels]);
    for (let c = 0; c < 3; c++) {
      const plane = pixels.subarray(32 * c, 32 * (c + 1));
      for (const [i, value] of plane.entries()) expect(value).toBeCloseTo((sample.rgb[3 * i + c] - sample.mean) * sample.scale, 5);
    }
  });

  test("sizes are filled up to multiples of 4 and to the largest with void of the mean colour", () => {
    const [small, large] = [noise(1, 1), noise(3, 5)];
    const { pixels, labels, shape } = batchOf([whole(small), whole(large)]);
    expect(shape).toEqual([2, 3, 8, 4]);
    for (const [i, sample] of [small, large].entries()) {
      for (let at = 0; at < 32; at++) {
        const [x, y] = [at % 4, Math.floor(at / 4)];
        const inside = x < sample.width && y < sample.height;
        expect(labels[32 * i + at]).toBe(inside ? sample.labels[y * sample.width + x] : IGNORED);
        if (!inside) for (let c = 0; c < 3; c++) expect(pixels[32 * (3 * i + c) + at]).toBe(0);
      }
    }
  });

  test("every turn moves pixels and labels alike, as bits 0 to 2 say", () => {
    const sample = noise(4, 8);
    for (let turn = 0; turn < 8; turn++) {
      const { labels, pixels, shape } = batchOf([turned({ sample, turn })]);
      const [height, width] = shape.slice(2);
      expect([width, height]).toEqual(turn & 4 ? [8, 4] : [4, 8]);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          let [u, v] = turn & 4 ? [y, x] : [x, y];
          if (turn & 1) u = 3 - u;
          if (turn & 2) v = 7 - v;
          expect(labels[y * width + x]).toBe(sample.labels[v * 4 + u]);
          expect(pixels[y * width + x]).toBeCloseTo((sample.rgb[3 * (v * 4 + u)] - sample.mean) * sample.scale, 5);
        }
      }
    }
  });

  test("a crop keeps to its box, however it is turned", () => {
    const sample = { ...noise(9, 7), labels: Uint8Array.from({ length: 63 }, (_, i) => i) };
    fc.assert(
      fc.property(
        fc.record({ left: fc.nat(5), upper: fc.nat(3), turn: fc.nat(7) }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (place, width, height) => {
          const { labels } = batchOf([turned({ sample, ...place, width, height })]);
          const inside = Array.from({ length: 63 }, (_, i) => i).filter((i) => {
            const [x, y] = [(i % 9) - place.left, Math.floor(i / 9) - place.upper];
            return x >= 0 && x < width && y >= 0 && y < height;
          });
          expect([...labels].filter((label) => label !== IGNORED).sort((a, b) => a - b)).toEqual(inside);
        },
      ),
    );
  });
});

test("readCrop keeps the pixels of its box and no others", () => {
  const sample = { ...noise(9, 7), labels: Uint8Array.from({ length: 63 }, (_, i) => i) };
  fc.assert(
    fc.property(
      fc.record({
        left: fc.nat(5),
        upper: fc.nat(3),
        width: fc.integer({ min: 1, max: 4 }),
        height: fc.integer({ min: 1, max: 4 }),
        turn: fc.nat(7),
      }),
      (box) => {
        const crop = readCrop(sample, box);
        expect(crop.sample.labels).toHaveLength(box.width * box.height);
        expect(batchOf([crop])).toEqual(batchOf([{ ...box, sample }]));
      },
    ),
  );
  expect(readCrop(sample, { left: 0, upper: 0, width: 9, height: 7, turn: 3 }).sample).toBe(sample);
});
