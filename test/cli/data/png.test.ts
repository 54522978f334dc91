import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePng, isPng } from "../../../src/cli/data/png.js";
import { chunk, type RawPng, rawPng } from "../helpers/rawPng.js";
import { tiff } from "../helpers/tiff.js";

const grey2x2: RawPng = { width: 2, height: 2, depth: 8, colour: 0, rows: [[1, 2], [3, 4]] }; // biome-ignore format: as it lies

describe("decodePng", () => {
  test.each<[string, RawPng, number[], number, number]>([
    ["grey of 1 bit", { width: 3, height: 2, depth: 1, colour: 0, rows: [[0b10100000], [0b01000000]] }, [1, 0, 1, 0, 1, 0], 1, 1],
    ["grey of 2 bits", { width: 5, height: 1, depth: 2, colour: 0, rows: [[0b00011011, 0b10000000]] }, [0, 1, 2, 3, 2], 1, 3],
    ["grey of 4 bits", { width: 3, height: 1, depth: 4, colour: 0, rows: [[0x0f, 0x70]] }, [0, 15, 7], 1, 15],
    ["grey of 8 bits", grey2x2, [1, 2, 3, 4], 1, 255],
    ["grey of 16 bits", { width: 2, height: 1, depth: 16, colour: 0, rows: [[0x12, 0x34, 0xff, 0xff]] }, [0x1234, 0xffff], 1, 65535],
    ["colour of 8 bits", { width: 1, height: 1, depth: 8, colour: 2, rows: [[7, 8, 9]] }, [7, 8, 9], 3, 255],
    ["colour of 16 bits", { width: 1, height: 1, depth: 16, colour: 2, rows: [[0, 7, 1, 0, 0, 9]] }, [7, 256, 9], 3, 65535],
    [
      "grey with alpha",
      {
        width: 1,
        height: 2,
        depth: 8,
        colour: 4,
        rows: [
          [5, 255],
          [6, 0],
        ],
      },
      [5, 255, 6, 0],
      2,
      255,
    ],
    ["grey with alpha of 16 bits", { width: 1, height: 1, depth: 16, colour: 4, rows: [[0, 5, 1, 0]] }, [5, 256], 2, 65535],
    ["colour with alpha", { width: 1, height: 1, depth: 8, colour: 6, rows: [[1, 2, 3, 4]] }, [1, 2, 3, 4], 4, 255],
    [
      "colour with alpha of 16 bits",
      { width: 1, height: 1, depth: 16, colour: 6, rows: [[0, 1, 0, 2, 0, 3, 0, 4]] },
      [1, 2, 3, 4],
      4,
      65535,
    ],
  ])("reads %s", async (_, png, values, channels, white) => {
    const raster = await decodePng(rawPng(png));
    expect(raster).toMatchObject({ width: png.width, height: png.height, channels, white, lossy: false });
    expect([...raster.values]).toEqual(values);
  });

  test.each([1, 2, 4, 8])("reads a palette of %i bits as its indices", async (depth) => {
    const rows = [[{ 1: 0b10000000, 2: 0b01000000, 4: 0x10, 8: 1 }[depth] as number, 0].slice(0, depth === 8 ? 2 : 1)];
    const raster = await decodePng(rawPng({ width: 2, height: 1, depth, colour: 3, palette: [1, 2, 3, 4, 5, 6], rows }));
    expect([...raster.values]).toEqual([1, 0]);
    expect(raster).toMatchObject({ channels: 1, white: 255, palette: [[1, 2, 3], [4, 5, 6]] }); // biome-ignore format: one line
  });

  test("reads interlaced pixels", async () => {
    const png = { width: 2, height: 2, depth: 8, colour: 0, interlace: 1, rows: [[1], [2], [3, 4]] };
    expect([...(await decodePng(rawPng(png))).values]).toEqual([1, 2, 3, 4]);
    const deep = { ...png, depth: 16, rows: [[1, 0], [2, 1], [3, 0, 4, 1]] }; // biome-ignore format: as it lies
    expect([...(await decodePng(rawPng(deep))).values]).toEqual([256, 513, 768, 1025]);
  });

  test.each<[string, Buffer, RegExp]>([
    ["a gigantic claim", rawPng({ ...grey2x2, width: 100_000, height: 100_000 }), /claims 100000 x 100000 pixels/],
    ["no pixels", rawPng({ ...grey2x2, width: 0 }), /claims 0 x 2 pixels/],
    ["too few pixels", rawPng({ ...grey2x2, height: 9 }), /holds 6 bytes of pixels, expected 27/],
    ["a bomb", rawPng({ ...grey2x2, rows: Array.from({ length: 9000 }, () => [0, 0]) }), /holds more than the 6 bytes/],
    ["colour type 5", rawPng({ ...grey2x2, colour: 5 }), /colour type 5/],
    ["3 bits", rawPng({ ...grey2x2, depth: 3 }), /with 3 bits/],
    ["an index beyond the palette", rawPng({ ...grey2x2, colour: 3, palette: [0, 0, 0] }), /its palette lacks/],
    ["no palette", rawPng({ ...grey2x2, colour: 3 }), /its palette lacks/],
    ["interlaced bits", rawPng({ ...grey2x2, depth: 1, interlace: 1, rows: [[0], [0], [0]] }), /save it without interlacing/],
    [
      "no header",
      Buffer.concat([rawPng(grey2x2).subarray(0, 8), chunk("IDAT", deflateSync(Buffer.alloc(6)))]),
      /does not begin with a header/,
    ],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(decodePng(bytes)).rejects.toThrow(message);
  });

  /** The file with another chunk behind its header. */
  const withChunk = (type: string, data: Uint8Array) => {
    const bytes = rawPng(grey2x2);
    return Buffer.concat([bytes.subarray(0, 33), chunk(type, data), bytes.subarray(33)]);
  };

  test("leaves out what says nothing: a damaged colour profile, one that swells, odd transparency", async () => {
    const bomb = Buffer.concat([Buffer.from("icc\0\0"), deflateSync(Buffer.alloc(2 ** 26))]);
    for (const [type, data] of [
      ["iCCP", bomb],
      ["iCCP", Buffer.from("x")],
      ["tRNS", Buffer.alloc(99)],
      ["pHYs", Buffer.alloc(1)],
    ] as const) {
      // biome-ignore format: one line
      expect([...(await decodePng(withChunk(type, data))).values]).toEqual([1, 2, 3, 4]);
    }
  });

  test("says how a picture is stored", async () => {
    expect(await decodePng(withChunk("eXIf", tiff(6, false)))).toMatchObject({ orientation: 6 });
    expect(await decodePng(withChunk("eXIf", tiff(1, false)))).toMatchObject({ orientation: 1 });
    expect(await decodePng(withChunk("eXIf", tiff(65535, false)))).toMatchObject({ orientation: 1 });
    expect(await decodePng(rawPng(grey2x2))).toMatchObject({ orientation: 1, pages: 1 });
  });

  test("reads the transparency of palettes, of one grey and of one colour", async () => {
    /** The file with tRNS before its pixels. */
    const withTransparency = (png: RawPng, data: number[]) => {
      const bytes = rawPng(png);
      const at = bytes.indexOf("IDAT") - 4;
      return Buffer.concat([bytes.subarray(0, at), chunk("tRNS", Buffer.from(data)), bytes.subarray(at)]);
    };
    const palette = { width: 2, height: 1, depth: 8, colour: 3, palette: [1, 2, 3, 4, 5, 6], rows: [[1, 0]] };
    expect(await decodePng(withTransparency(palette, [0]))).toMatchObject({ palette: [[1, 2, 3, 0], [4, 5, 6, 255]] }); // biome-ignore format: one line
    const grey = await decodePng(withTransparency(grey2x2, [0, 3]));
    expect(grey.channels).toBe(2);
    expect([...grey.values]).toEqual([1, 255, 2, 255, 3, 0, 4, 255]);
    const bit = { width: 2, height: 1, depth: 1, colour: 0, rows: [[0b01000000]] };
    expect([...(await decodePng(withTransparency(bit, [0, 0]))).values]).toEqual([0, 0, 1, 1]);
    const colour = { width: 2, height: 1, depth: 8, colour: 2, rows: [[7, 8, 9, 7, 8, 8]] };
    expect([...(await decodePng(withTransparency(colour, [0, 7, 0, 8, 0, 9]))).values]).toEqual([7, 8, 9, 0, 7, 8, 8, 255]);
    const deep = { width: 2, height: 1, depth: 16, colour: 0, rows: [[1, 2, 3, 4]] };
    expect([...(await decodePng(withTransparency(deep, [3, 4]))).values]).toEqual([258, 65535, 772, 0]);
    // a colour that no pixel has
    expect([...(await decodePng(withTransparency(grey2x2, [0, 9]))).values]).toEqual([1, 2, 3, 4]);
  });

  test("refuses a second header, which could claim anything", async () => {
    const header = Buffer.from(rawPng({ ...grey2x2, width: 100_000, height: 100_000 }).subarray(16, 29));
    await expect(decodePng(withChunk("IHDR", header))).rejects.toThrow(/or has two/);
  });

  test("refuses every file that is cut short", async () => {
    const bytes = rawPng(grey2x2);
    for (let length = 8; length < bytes.length; length++) {
      await expect(decodePng(bytes.subarray(0, length)), `${length} bytes`).rejects.toThrow(/is truncated/);
    }
  });

  test("refuses or reads a file with any byte changed, and never hangs", async () => {
    const bytes = rawPng({ ...grey2x2, colour: 3, palette: Array.from({ length: 15 }, (_, i) => i) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 8, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(bytes);
        changed[at] ^= by;
        await expect(decodePng(changed)).rejects.toThrow();
      }),
    );
  });
});

test("isPng knows the signature", () => {
  expect(isPng(rawPng(grey2x2))).toBe(true);
  expect(isPng(Buffer.from("GIF89a"))).toBe(false);
});
