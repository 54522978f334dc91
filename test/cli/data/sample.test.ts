import { expect, test } from "vitest";
import { sampleOf } from "../../../src/cli/data/sample.js";
import { raster } from "../helpers/rasters.js";

test("a sample is the picture that a raster shows, with its name and labels", () => {
  const labels = Uint8Array.of(0, 1);
  const { scale, ...sample } = sampleOf("a", raster(1, [10, 30]), labels);
  expect(sample).toEqual({
    name: "a",
    labels,
    width: 2,
    height: 1,
    rgb: Uint8Array.of(10, 10, 10, 30, 30, 30),
    white: 255,
    mean: [20, 20, 20],
  });
  for (const one of scale) expect(one).toBeCloseTo(1 / 10, 12);
});
