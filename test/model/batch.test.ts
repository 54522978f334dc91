import { describe, expect, test } from "vitest";
import { batchOf } from "../../src/model/batch.js";
import { IGNORED } from "../../src/model/ignored.js";
import { noise } from "../cli/helpers/samples.js";

describe("batchOf", () => {
  test("a whole picture lies as it is, brought to mean 0 and variance 1", () => {
    const sample = noise(4, 8);
    const { pixels, labels, shape } = batchOf([sample]);
    expect(shape).toEqual([1, 3, 8, 4]);
    expect([...labels]).toEqual([...sample.labels]);
    for (let c = 0; c < 3; c++) {
      const plane = pixels.subarray(32 * c, 32 * (c + 1));
      for (const [i, value] of plane.entries()) expect(value).toBeCloseTo((sample.rgb[3 * i + c] - sample.mean[c]) * sample.scale[c], 5);
    }
  });

  test("sizes are filled up to multiples of 4 and to the largest with void of the mean colour", () => {
    const [small, large] = [noise(1, 1), noise(3, 5)];
    const { pixels, labels, shape } = batchOf([small, large]);
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
});
