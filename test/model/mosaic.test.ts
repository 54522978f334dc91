import { describe, expect, test } from "vitest";
import { mosaicOf } from "../../src/model/mosaic.js";

/** A picture whose values say where they come from: column, row and a constant. */
function mapOf(width: number, height: number) {
  const rgb = Uint16Array.from({ length: 3 * width * height }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % width, Math.floor(pixel / width), 7][i % 3];
  });
  return { width, height, rgb, white: 65535, mean: [1, 2, 3], scale: [1, 1, 1] } as const;
}

describe("mosaicOf", () => {
  test("is the picture itself where that is small", () => {
    expect(mosaicOf(mapOf(12, 9), 12, 4)).toEqual(mapOf(12, 9));
  });

  test("takes whole patches from the first pixel to the last of a longer axis", () => {
    const { width, height, rgb, mean } = mosaicOf(mapOf(30, 5), 12, 4);
    expect({ width, height, mean }).toEqual({ width: 12, height: 5, mean: [1, 2, 3] });
    expect(Array.from({ length: 12 }, (_, x) => rgb[3 * x])).toEqual([0, 1, 2, 3, 13, 14, 15, 16, 26, 27, 28, 29]);
    expect(Array.from({ length: 5 }, (_, y) => rgb[3 * 12 * y + 1])).toEqual([0, 1, 2, 3, 4]);
    expect([...rgb].filter((_, i) => i % 3 === 2)).toEqual(new Array(60).fill(7));
  });
});
