import { expect, test } from "vitest";
import { colourValues } from "../../../src/cli/data/colourValues.js";
import { COLOUR } from "../../../src/cli/data/maskValues.js";
import type { Raster } from "../../../src/cli/data/raster.js";
import { raster } from "../helpers/rasters.js";

const palette = [
  [0, 0, 0],
  [255, 0, 0],
  [1, 2, 3],
];

test.each<[string, Raster, number[]]>([
  ["colours", raster(3, [0, 0, 0, 1, 2, 3, 255, 255, 255]), [0, 0x010203, 0xffffff]],
  ["opaque colours", raster(4, [1, 2, 3, 255, 4, 5, 6, 255]), [0x010203, 0x040506]],
  ["grey", raster(1, [0, 7, 255]), [0, 0x070707, 0xffffff]],
  ["grey with alpha", raster(2, [0, 255, 9, 255]), [0, 0x090909]],
  ["one bit", raster(1, [0, 1], { white: 1 }), [0, 0xffffff]],
  ["two bits", raster(1, [1, 2], { white: 3 }), [0x555555, 0xaaaaaa]],
  ["four bits", raster(1, [1, 15], { white: 15 }), [0x111111, 0xffffff]],
  ["a palette", raster(1, [2, 1, 0], { palette }), [0x010203, 0xff0000, 0]],
  ["a palette with alpha", raster(1, [1, 0], { palette: palette.map((colour) => [...colour, 255]) }), [0xff0000, 0]],
])("reads %s", (_, from, expected) => {
  const { values, kind, hidden, isSoft, alpha } = colourValues(from);
  expect([...values]).toEqual(expected.map((rgb) => COLOUR + rgb));
  expect({ kind, hidden, isSoft, alpha }).toEqual({ kind: "colour", hidden: [], isSoft: false, alpha: "none" });
});

test("tells which colours are transparent, black aside, and whether some are partly so", () => {
  expect(colourValues(raster(4, [1, 2, 3, 0, 0, 0, 0, 0])).hidden).toEqual([COLOUR + 0x010203]);
  expect(colourValues(raster(4, [1, 2, 3, 9, 4, 4, 4, 255])).isSoft).toBe(true);
  const half = palette.map((colour, i) => [...colour, i === 1 ? 0 : 255]);
  expect(colourValues(raster(1, [1, 2], { palette: half })).hidden).toEqual([COLOUR + 0xff0000]);
});

test.each<[string, Raster, string]>([
  ["JPEG", raster(3, [0, 0, 0], { lossy: true }), "is a JPEG, which does not keep the colours of classes exactly; save it as PNG"],
  ["16 bits", raster(3, [0, 0, 0], { white: 65535 }), "has 16 bits a channel, but --colours names colours of 8; save it with 8 bits"],
  [
    "a photograph",
    raster(
      3,
      Array.from({ length: 3 * 4097 }, (_, i) => (i % 3 === 2 ? 0 : (i % 3 === 0 ? i / 3 : i / 768) % 256)),
    ),
    "has more than 4096 colours, too many for classes; save it as a PNG that was never a JPEG, without smoothed edges",
  ],
])("refuses %s", (_, from, message) => {
  expect(() => colourValues(from)).toThrow(message);
});
