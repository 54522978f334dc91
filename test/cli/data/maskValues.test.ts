import { describe, expect, test } from "vitest";
import { brightness, COLOUR, countsOf, type MaskValues, maskValues } from "../../../src/cli/data/maskValues.js";
import type { Raster } from "../../../src/cli/data/raster.js";
import { raster } from "../helpers/rasters.js";

const bits16 = (...values: number[]) => raster(1, [], { width: values.length, values: Uint16Array.from(values), white: 65535 });
const [red, green] = [COLOUR + 0xff0000, COLOUR + 0x00ff00];

describe("maskValues", () => {
  test.each<[string, Raster, MaskValues["kind"], number[]]>([
    ["grey", raster(1, [0, 7]), "grey", [0, 7]],
    ["grey of 16 bits", bits16(0, 40000), "grey", [0, 40000]],
    ["grey stored as colour", raster(3, [0, 0, 0, 9, 9, 9]), "grey", [0, 9]],
    ["colours", raster(3, [0, 0, 0, 255, 0, 0, 0, 255, 0, 7, 7, 7]), "colour", [0, red, green, 7]],
    ["colours of a JPEG that are one, by their largest channel", raster(3, [0, 3, 1, 250, 255, 251], { lossy: true }), "grey", [3, 255]],
    ["indices", raster(1, [0, 1], { palette: [[120, 120, 120], [6, 230, 230]] }), "index", [0, 1]], // biome-ignore format: one line
    ["indices, though they spell greys", raster(1, [0, 1], { palette: [[0, 0, 0], [255, 255, 255]] }), "index", [0, 1]], // biome-ignore format: one line
    ["alpha of one grey", raster(2, [255, 0, 255, 255]), "alpha", [0, 255]],
    ["alpha of one colour", raster(4, [1, 2, 3, 0, 1, 2, 3, 9]), "alpha", [0, 9]],
    ["alpha of black", raster(4, [0, 0, 0, 0, 0, 0, 0, 255]), "alpha", [0, 255]],
    ["alpha that is 0 all over", raster(4, [255, 255, 255, 0, 255, 255, 255, 0]), "alpha", [0, 0]],
    ["alpha of a palette of one colour", raster(1, [0, 1], { palette: [[9, 9, 9, 255], [9, 9, 9, 0]] }), "alpha", [255, 0]], // biome-ignore format: one line
    ["colours where alpha is all one", raster(2, [255, 255, 255, 255]), "grey", [255, 255]],
    ["colours where they differ, too", raster(2, [0, 0, 255, 255]), "grey", [0, 255]],
    ["indices where the background is transparent", raster(1, [0, 1], { palette: [[9, 9, 9, 0], [1, 2, 3, 255]] }), "index", [0, 1]], // biome-ignore format: one line
  ])("%s", (_, given, kind, values) => {
    const came = maskValues(given);
    expect(came.kind).toBe(kind);
    expect([...came.values]).toEqual(values);
    expect([came.hidden, came.isSoft]).toEqual([[], false]);
  });

  test("alpha that differs is told from alpha that is 0 all over, which says nothing of other masks", () => {
    expect(maskValues(raster(2, [255, 0, 255, 255])).alpha).toBe("mask");
    expect(maskValues(raster(2, [255, 0, 255, 0])).alpha).toBe("even");
  });

  test("colours of a JPEG that are several stay colours, each in full", () => {
    const pixels = [0, 3, 1, 250, 20, 9, 9, 240, 30, 255, 251, 255, 70, 10, 0];
    const came = maskValues(raster(3, pixels, { lossy: true }));
    expect(came.kind).toBe("colour");
    expect([...came.values]).toEqual([0, red, green, 255, red]);
  });

  test("more colours than a mask has are taken by their brightness", () => {
    const photo = Array.from({ length: 3 * 5000 }, (_, i) => (i % 3 === 0 ? i % 251 : i % 3 === 1 ? Math.floor(i / 251) : 7));
    expect(maskValues(raster(3, photo)).kind).toBe("grey");
    expect(maskValues(raster(3, photo.slice(0, 3000))).kind).toBe("colour");
  });

  test("partly transparent foreground is told, but for one alpha all over", () => {
    const soft = (...alphas: number[]) => maskValues(raster(2, [0, 0, ...alphas.flatMap((alpha) => [9, alpha]), 5, 255])).isSoft;
    expect([soft(255), soft(255, 3), soft(3, 4)]).toEqual([false, true, true]);
    expect(maskValues(raster(2, [0, 0, 9, 128, 8, 128])).isSoft).toBe(false);
    expect(maskValues(raster(2, [0, 128, 9, 255])).isSoft).toBe(false);
  });

  test("one colour that is opaque all over is alpha in a folder of such masks", () => {
    const black = raster(4, [0, 0, 0, 255, 0, 0, 0, 255]);
    expect(maskValues(black)).toMatchObject({ kind: "grey", alpha: "even" });
    expect([...maskValues(black, true).values]).toEqual([255, 255]);
    expect(maskValues(raster(4, [0, 0, 0, 255, 9, 0, 0, 255]), true)).toMatchObject({ kind: "colour", alpha: "colours" });
    expect(maskValues(raster(1, [0, 0]), true)).toMatchObject({ kind: "grey", alpha: "none" });
  });

  test("transparent pixels that have a value are told", () => {
    expect(maskValues(raster(2, [255, 0, 0, 255])).hidden).toEqual([255]);
    expect(maskValues(raster(1, [0, 1], { palette: [[9, 9, 9, 255], [1, 2, 3, 0]] })).hidden).toEqual([1]); // biome-ignore format: one line
    expect(maskValues(raster(4, [255, 0, 0, 0, 0, 0, 0, 255])).hidden).toEqual([red]);
  });

  test("indices other than 0 that are black are told, unless the palette has no colours", () => {
    const palette = [[255, 255, 255], [0, 0, 0], [0, 0, 0]]; // biome-ignore format: one line
    expect(maskValues(raster(1, [0, 1], { palette })).black).toEqual([1]);
    expect(maskValues(raster(1, [0, 0], { palette })).black).toEqual([]);
    expect(maskValues(raster(1, [1, 2], { palette })).black).toEqual([1, 2]);
    expect(maskValues(raster(1, [0, 2], { palette: [[0, 0, 0], [0, 0, 0], [0, 0, 0]] })).black).toEqual([]); // biome-ignore format: one line
  });

  test("colours of 16 bits are refused, greys of 16 bits stored as colour are not", () => {
    const deep = (...values: number[]) => raster(3, [], { width: 1, values: Uint16Array.from(values), white: 65535 });
    expect(() => maskValues(deep(1, 2, 3))).toThrow(/save it in grey/);
    expect([...maskValues(deep(300, 300, 300)).values]).toEqual([300]);
  });
});

test("countsOf counts pixels of each value", () => {
  expect([...countsOf(maskValues(bits16(0, 40000, 0)))]).toEqual([[0, 2], [40000, 1]]); // biome-ignore format: one line
  expect(countsOf(maskValues(raster(3, [255, 0, 0, 255, 0, 0])))).toEqual(new Map([[red, 2]]));
});

test("brightness is the value, of a colour its largest channel", () => {
  expect([0, 255, 40000, red, COLOUR + 0x010203].map(brightness)).toEqual([0, 255, 40000, 255, 3]);
});
