import { describe, expect, test } from "vitest";
import { asPicture } from "../../../src/cli/data/pictures.js";
import { raster } from "../helpers/rasters.js";

describe("asPicture", () => {
  test.each([1, 2, 3, 4])("keeps the values of %i channels", (channels) => {
    const given = raster(
      channels,
      Array.from({ length: 2 * channels }, (_, i) => i),
    );
    const { width, height, white, values } = given;
    expect(asPicture(given)).toEqual({ data: values, width, height, channels, white });
  });

  test("looks palettes up, without their alpha", () => {
    const palette = [[1, 2, 3], [4, 5, 6, 7]]; // biome-ignore format: one line
    const picture = asPicture(raster(1, [1, 0], { palette }));
    expect(picture).toEqual({ data: Uint8Array.of(4, 5, 6, 1, 2, 3), width: 2, height: 1, channels: 3, white: 255 });
  });
});
