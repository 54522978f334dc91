import { describe, expect, test } from "vitest";
import type { Raster } from "../../../src/cli/data/raster.js";
import { turned } from "../../../src/cli/data/turned.js";

// The letters in their right order are a b c over d e f. How EXIF 2.32, table 6, has them stored: by where the 0th row and the
// 0th column of what is stored are in the picture.
const STORED: [orientation: number, rows: string[]][] = [
  [1, ["abc", "def"]], // row 0 top, column 0 left
  [2, ["cba", "fed"]], // top, right
  [3, ["fed", "cba"]], // bottom, right
  [4, ["def", "abc"]], // bottom, left
  [5, ["ad", "be", "cf"]], // left, top
  [6, ["cf", "be", "ad"]], // right, top
  [7, ["fc", "eb", "da"]], // right, bottom
  [8, ["da", "eb", "fc"]], // left, bottom
];

function raster(orientation: number, rows: string[], values: Raster["values"], channels: number): Raster {
  return { width: rows[0].length, height: rows.length, channels, values, white: 255, lossy: false, orientation, pages: 1 };
}

const codes = (rows: string[]) => [...rows.join("")].map((letter) => letter.charCodeAt(0));

describe.each(STORED)("turned, orientation %i", (orientation, rows) => {
  test("brings a picture of one channel upright", () => {
    const upright = turned(raster(orientation, rows, Uint8Array.from(codes(rows)), 1));
    expect(upright).toEqual(raster(1, ["abc", "def"], Uint8Array.from(codes(["abc", "def"])), 1));
  });

  test.each([2, 3, 4])("keeps the %i channels of a pixel together, of 16 bits", (channels) => {
    const spread = (of: string[]) =>
      Uint16Array.from(codes(of).flatMap((code) => Array.from({ length: channels }, (_, c) => 300 * c + code)));
    const upright = turned(raster(orientation, rows, spread(rows), channels));
    expect(upright).toEqual(raster(1, ["abc", "def"], spread(["abc", "def"]), channels));
  });
});

test("turned keeps the palette and everything else, and the raster that it is given", () => {
  const palette = [
    [0, 0, 0],
    [1, 2, 3],
  ];
  const stored = { ...raster(6, ["cf", "be", "ad"], Uint8Array.of(0, 1, 1, 0, 0, 0), 1), palette, white: 7, lossy: true, pages: 3 };
  const before = structuredClone(stored);
  expect(turned(stored)).toEqual({ ...stored, width: 3, height: 2, values: Uint8Array.of(0, 1, 0, 0, 0, 1), orientation: 1 });
  expect(stored).toEqual(before);
});
