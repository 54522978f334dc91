import { describe, expect, test } from "vitest";
import { toRgb } from "../../../src/cli/data/pictures.js";
import type { Raster } from "../../../src/cli/data/raster.js";
import { raster } from "../helpers/rasters.js";

describe("toRgb", () => {
  test.each<[string, Raster, number[]]>([
    ["repeats grey", raster(1, [3, 4]), [3, 3, 3, 4, 4, 4]],
    ["drops the alpha of grey", raster(2, [3, 0, 4, 255]), [3, 3, 3, 4, 4, 4]],
    ["keeps colours", raster(3, [1, 2, 3]), [1, 2, 3]],
    ["drops the alpha of colours", raster(4, [1, 2, 3, 0]), [1, 2, 3]],
    ["looks palettes up, without their alpha", raster(1, [1, 0], { palette: [[1, 2, 3], [4, 5, 6, 7]] }), [4, 5, 6, 1, 2, 3]], // biome-ignore format: one line
    ["keeps 16 bits", raster(1, [], { width: 1, values: Uint16Array.of(40000), white: 65535 }), [40000, 40000, 40000]],
  ])("%s", (_, given, expected) => {
    expect([...toRgb(given).rgb]).toEqual(expected);
    expect(toRgb(given).white).toBe(given.white);
  });
});
