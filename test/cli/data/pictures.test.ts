import { describe, expect, test } from "vitest";
import { toClasses, toMask, toRgb, VOID } from "../../../src/cli/data/pictures.js";
import type { Raster } from "../../../src/cli/data/raster.js";

function raster(channels: number, values: number[], more: Partial<Raster> = {}): Raster {
  return { width: values.length / channels, height: 1, channels, values: Uint8Array.from(values), white: 255, lossy: false, ...more };
}

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

describe("toMask", () => {
  test.each<[string, Raster, number | null, number[]]>([
    ["anything but 0 is foreground", raster(1, [0, 1, 128, 255]), null, [0, 1, 1, 1]],
    ["any colour but black is foreground", raster(3, [0, 0, 0, 0, 0, 9]), null, [0, 1]],
    ["transparency says nothing", raster(2, [0, 255, 7, 0]), null, [0, 1]],
    ["the value of ignore is void", raster(1, [0, 1, 128, 255]), 128, [0, 1, VOID, 1]],
    ["0 may be void", raster(1, [0, 1, 2]), 0, [VOID, 1, 1]],
    [
      "16 bits: the value of ignore is void",
      raster(1, [], { width: 3, values: Uint16Array.of(0, 300, 9), white: 65535 }),
      300,
      [0, VOID, 1],
    ],
    ["palettes go by colour", raster(1, [0, 1], { palette: [[9, 0, 0], [0, 0, 0]] }), null, [1, 0]], // biome-ignore format: one line
    ["of palettes in colour the index is ignored", raster(1, [0, 1, 2], { palette: [[0, 0, 0], [9, 0, 0], [2, 1, 1]] }), 2, [0, 1, VOID]], // biome-ignore format: one line
    ["of palettes in grey the grey is ignored", raster(1, [0, 1], { palette: [[0, 0, 0], [7, 7, 7]] }), 7, [0, VOID]], // biome-ignore format: one line
    [
      "a JPEG is parted at half its brightest value",
      raster(3, [0, 0, 3, 9, 9, 9, 199, 200, 180, 120, 110, 120], { lossy: true }),
      null,
      [0, 0, 1, 1],
    ],
    ["a black JPEG has no foreground", raster(3, [0, 2, 3, 9, 9, 9], { lossy: true }), null, [0, 0]],
  ])("%s", (_, given, ignore, expected) => {
    expect([...toMask(given, ignore)]).toEqual(expected);
  });

  test("a JPEG has no exact void value", () => {
    expect(() => toMask(raster(3, [0, 0, 0], { lossy: true }), 255)).toThrow(/save it as PNG/);
  });
});

describe("toClasses", () => {
  test("reads grey values and indices of colours", () => {
    expect([...toClasses(raster(1, [0, 2, 1]), 3, null)]).toEqual([0, 2, 1]);
    expect([...toClasses(raster(3, [1, 1, 1, 2, 2, 2]), 3, null)]).toEqual([1, 2]);
    const palette = [[0, 0, 0], [128, 0, 0], [0, 128, 0]]; // biome-ignore format: one line
    expect([...toClasses(raster(1, [0, 2, 1], { palette }), 3, null)]).toEqual([0, 2, 1]);
  });

  test("the value of ignore is void", () => {
    expect([...toClasses(raster(1, [0, 255, 1]), 2, 255)]).toEqual([0, VOID, 1]);
  });

  test("says which number is no class, and what to do", () => {
    expect(() => toClasses(raster(1, [0, 3]), 3, null)).toThrow("has class 3, expected 0 to 2; raise --classes, or pass --ignore 3");
    expect(() => toClasses(raster(3, [1, 2, 3]), 4, null)).toThrow(/is a colour picture/);
    expect(() => toClasses(raster(3, [1, 1, 1], { lossy: true }), 4, null)).toThrow(/save it as PNG/);
  });
});
