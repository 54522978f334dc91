import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { decodeTiff, isTiff } from "../../../src/cli/data/tiff.js";
import { rawTiff, TIFFS, valueAt, withTag } from "../helpers/tiffs.js";

type Value = (x: number, y: number, c: number) => number;

function picture(width: number, height: number, channels: number, value: Value): number[] {
  return Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return value(pixel % width, Math.floor(pixel / width), i % channels);
  });
}

const deep: Value = (x, y, c) => 256 * valueAt(x, y, c) + x;
const last =
  (levels: number): Value =>
  (x, y) =>
    valueAt(x, y, 0) % levels;

const pixels8x8 = Uint8Array.from({ length: 64 }, (_, i) => i);

/** Codes of LZW compression, of 9 bits each. */
function lzw(codes: number[]): Buffer {
  const bits = codes.map((code) => code.toString(2).padStart(9, "0")).join("");
  return Buffer.from(bits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2)) ?? []);
}

describe("decodeTiff", () => {
  test.each<[keyof typeof TIFFS, number, number, Value?, number?, number?]>([
    ["grey", 1, 255],
    ["colour", 3, 255],
    ["greyAlpha", 2, 255],
    ["colourAlpha", 4, 255],
    ["grey16BigEndian", 1, 65535, deep],
    ["colour16", 3, 65535, deep],
    ["bit", 1, 1, last(2)],
    ["bits2", 1, 3, last(4)],
    ["bits4", 1, 15, last(16)],
    ["bitWhiteIsZero", 1, 1, last(2)],
    ["whiteIsZero", 1, 255, (x, y) => 255 - valueAt(x, y, 0)],
    ["lzw", 1, 255, valueAt, 40, 40],
    ["lzwPredictor", 3, 255],
    ["lzwPredictor16", 1, 65535, deep],
    ["lzwPredictor16BigEndian", 3, 65535, deep],
    ["deflate", 3, 255],
    ["deflatePredictor", 3, 255],
    ["packBits", 1, 255, (x, y) => valueAt(x < 5 ? x : 0, y, 0), 40, 3],
    ["tiledColour", 3, 255, valueAt, 20, 18],
    ["planar", 3, 255],
    ["planarTiled", 3, 255, valueAt, 20, 18],
    ["bigTiff", 1, 255],
    ["bigTiffBigEndian", 1, 65535, deep],
  ])("reads %s", async (name, channels, white, value = valueAt, width = 9, height = 7) => {
    const raster = await decodeTiff(TIFFS[name]);
    expect(raster).toMatchObject({ width, height, channels, white, lossy: false, orientation: 1, pages: 1 });
    expect(raster).not.toHaveProperty("palette");
    expect(raster.values).toBeInstanceOf(white > 255 ? Uint16Array : Uint8Array);
    expect([...raster.values]).toEqual(picture(width, height, channels, value));
  });

  test("reads a palette as its indices", async () => {
    const { palette, ...raster } = await decodeTiff(TIFFS.palette);
    expect(raster).toMatchObject({ channels: 1, white: 255 });
    expect([...raster.values]).toEqual(picture(9, 7, 1, last(16)));
    expect(palette).toEqual(Array.from({ length: 256 }, (_, i) => [i, (2 * i) % 256, 255 - i]));
    const colours = Array.from({ length: 48 }, (_, i) => 257 * i);
    const four = await decodeTiff(rawTiff(pixels8x8, { 258: 4, 262: 3, 320: colours }));
    expect([...four.values.subarray(0, 4)]).toEqual([0, 0, 0, 1]);
    expect(four.white).toBe(255);
    expect(four.palette?.[5]).toEqual([5, 21, 37]);
  });

  test("reads the first page of full size, and counts no thumbnail", async () => {
    const raster = await decodeTiff(TIFFS.pages);
    expect(raster).toMatchObject({ width: 9, height: 7, pages: 2 });
    expect([...raster.values]).toEqual(picture(9, 7, 1, valueAt));
    for (const mask of [4, 5]) await expect(decodeTiff(rawTiff(pixels8x8, { 254: mask }))).rejects.toThrow("has no picture in it");
  });

  test("tells the orientation, and takes an unknown one as upright", async () => {
    await expect(decodeTiff(TIFFS.turned)).resolves.toMatchObject({ width: 9, height: 7, orientation: 6 });
    for (const [stored, orientation] of [[8, 8], [9, 1], [0, 1]]) // biome-ignore format: one line
      await expect(decodeTiff(withTag(TIFFS.turned, 274, stored))).resolves.toMatchObject({ orientation });
  });

  test("reads the older number of Deflate, a last strip filled up, and bits for all channels at once", async () => {
    const old = await decodeTiff(withTag(TIFFS.deflate, 259, 32946));
    expect([...old.values]).toEqual(picture(9, 7, 3, valueAt));
    const padded = rawTiff(deflateSync(Buffer.alloc(8 * 5, 7)), { 259: 8, 278: 5, 273: [8, 8], 279: [60, 60] });
    expect([...(await decodeTiff(padded)).values]).toEqual(new Array(64).fill(7));
    await expect(decodeTiff(rawTiff(new Uint8Array(192), { 277: 3, 262: 2 }))).resolves.toMatchObject({ channels: 3, white: 255 });
  });

  test("reads one strip without a limit of rows, and rows of bits that begin at whole bytes", async () => {
    const whole = await decodeTiff(rawTiff(deflateSync(pixels8x8), { 259: 8, 278: 2 ** 32 - 1 }));
    expect([...whole.values]).toEqual([...pixels8x8]);
    const bits = await decodeTiff(rawTiff(Buffer.from([3, 0x80, 0x80, 0x40, 0x80]), { 256: 9, 257: 2, 258: 1, 259: 32773 }));
    expect([...bits.values]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
  });

  test("leaves out a channel that the file says is no alpha", async () => {
    const raster = await decodeTiff(withTag(TIFFS.colourAlpha, 338, 0));
    expect(raster.channels).toBe(3);
    expect([...raster.values]).toEqual(picture(9, 7, 3, valueAt));
    await expect(decodeTiff(withTag(TIFFS.colourAlpha, 338, 1))).resolves.toMatchObject({ channels: 4 });
    const planes = rawTiff(Buffer.concat([pixels8x8, Buffer.alloc(64, 9)]), { 277: 2, 284: 2, 338: 0, 273: [8, 72], 279: [64, 64] });
    expect([...(await decodeTiff(planes)).values]).toEqual([...pixels8x8]);
  });

  test("inverts grey where white is zero, and not its alpha", async () => {
    const raster = await decodeTiff(rawTiff(Buffer.alloc(128, 9), { 277: 2, 262: 0, 338: 2 }));
    expect([...raster.values.subarray(0, 2)]).toEqual([246, 9]);
  });

  test("applies a predictor where the compression has one only", async () => {
    const raster = await decodeTiff(rawTiff(pixels8x8, { 317: 2 }));
    expect([...raster.values]).toEqual([...pixels8x8]);
  });

  test("leaves the bytes of the file as they are", async () => {
    const bytes = Buffer.from(TIFFS.whiteIsZero);
    await decodeTiff(bytes);
    expect(bytes.equals(TIFFS.whiteIsZero)).toBe(true);
  });

  test.each<[string, Buffer, string]>([
    ["floats", TIFFS.float32, "has floating-point values, expected unsigned integers"],
    ["floats in one channel", rawTiff(pixels8x8, { 277: 2, 339: [1, 3] }), "has floating-point values"],
    ["signed values", TIFFS.int16, "has signed values, expected unsigned integers"],
    ["32 bits", withTag(TIFFS.grey, 258, 32), "has 32 bits a value, expected 8 or 16; save it with 16 bits or as PNG"],
    ["channels of different bits", rawTiff(pixels8x8, { 277: 2, 258: [8, 4] }), "has channels of different bits"],
    ["JPEG", withTag(TIFFS.grey, 259, 7), "is compressed by JPEG, which is not supported in TIFF; save it with LZW"],
    ["CCITT", withTag(TIFFS.bit, 259, 4), "is compressed by CCITT, which"],
    ["an unknown compression", withTag(TIFFS.grey, 259, 1234), "is compressed by method 1234, which"],
    ["CMYK", withTag(TIFFS.colourAlpha, 262, 5), "has its colours stored as CMYK, which is not supported; save it in RGB"],
    ["YCbCr", withTag(TIFFS.colour, 262, 6), "stored as YCbCr"],
    ["CIELab", withTag(TIFFS.colour, 262, 8), "stored as CIELab"],
    ["an unknown kind of colours", withTag(TIFFS.colour, 262, 77), "stored as photometric interpretation 77"],
    ["no kind of colours", rawTiff(pixels8x8, { 262: [] }), "has no photometric interpretation"],
    ["7 channels", rawTiff(pixels8x8, { 277: 7 }), "has 7 channels, expected 1 to 4"],
    ["3 channels of grey", rawTiff(pixels8x8, { 277: 3 }), "has 3 channels, which is wrong for grey"],
    ["2 channels of colour", rawTiff(pixels8x8, { 277: 2, 262: 2 }), "has 2 channels, which is wrong for colour"],
    ["2 channels of a palette", rawTiff(pixels8x8, { 277: 2, 262: 3 }), "has 2 channels, which is wrong for a palette"],
    ["a palette of 16 bits", rawTiff(pixels8x8, { 258: 16, 262: 3 }), "has a palette of 16 bits"],
    ["a short palette", rawTiff(pixels8x8, { 262: 3, 320: new Array(767).fill(1) }), "has no palette, or one that is too short"],
    ["bits in reverse order", rawTiff(pixels8x8, { 266: 2 }), "has the bits of its bytes in reverse order"],
    ["a predictor of floats", withTag(TIFFS.lzwPredictor, 317, 3), "has predictor 3 with 8 bits"],
    ["a predictor of few bits", rawTiff(pixels8x8, { 258: 4, 259: 5, 317: 2 }), "has predictor 2 with 4 bits"],
    ["an unknown arrangement", rawTiff(pixels8x8, { 284: 3 }), "is damaged (Invalid planar configuration.)"],
    ["LZW of old", rawTiff(Buffer.from([0, 1, 4, 4]), { 259: 5 }), "has LZW compression of the kind before TIFF 6.0"],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(decodeTiff(bytes)).rejects.toThrow(message);
  });

  test.each<[string, Buffer, string]>([
    ["a gigantic claim", rawTiff(pixels8x8, { 256: 100_000, 257: 100_000 }), "claims 100000 x 100000 pixels"],
    ["no width", rawTiff(pixels8x8, { 256: [] }), "claims 0 x 8 pixels"],
    ["gigantic tiles", withTag(withTag(TIFFS.tiledColour, 322, 60_000), 323, 60_000), "claims 60000 x 60000 pixels"],
    ["tiles of no height", withTag(TIFFS.tiledColour, 323, 0), "is damaged (blocks of 16 x 0 pixels)"],
    ["strips without end", rawTiff(pixels8x8, { 256: 1, 257: 2 ** 19, 278: 1 }), "has 524288 strips or tiles"],
    ["few pixels", rawTiff(pixels8x8.subarray(1)), "is truncated: pixels are missing"],
    ["fewer strips than rows", rawTiff(pixels8x8, { 278: 4 }), "is truncated: pixels are missing"],
    ["pixels behind the end", rawTiff(pixels8x8, { 273: 2 ** 31 }), "is truncated: pixels are missing"],
    ["few deflated pixels", rawTiff(deflateSync(pixels8x8.subarray(1)), { 259: 8 }), "is truncated: pixels are missing"],
    ["half a Deflate stream", rawTiff(deflateSync(pixels8x8).subarray(0, 20), { 259: 8 }), "is truncated: pixels are missing"],
    ["no Deflate stream", rawTiff(pixels8x8, { 259: 8 }), "is damaged (incorrect header check)"],
    ["a Deflate bomb", rawTiff(deflateSync(Buffer.alloc(2 ** 26)), { 259: 8 }), "has a strip or tile of more than its 64 bytes"],
    ["few packed pixels", rawTiff(Buffer.from([129, 1, 255]), { 257: 32, 259: 32773 }), "is truncated: pixels are missing"],
    ["pixels behind long nothing", rawTiff(Buffer.alloc(2000, 128), { 259: 32773 }), "has a strip or tile of more than its 64 bytes"],
    ["PackBits of too many pixels", rawTiff(Buffer.from([129, 5]), { 259: 32773 }), "has a strip or tile of more than its 64 bytes"],
    ["LZW in one huge strip", rawTiff(lzw([256, 257]), { 256: 8192, 257: 8192, 258: 16, 259: 5 }), "has LZW compression in one strip"],
    ["a strip that reaches behind the end", rawTiff(pixels8x8, { 279: 10_000 }), "is truncated: pixels are missing"],
    ["few LZW pixels", rawTiff(lzw([256, 1, 258, 257, ...pixels8x8]), { 259: 5 }), "is truncated: pixels are missing"],
    ["LZW without end", rawTiff(lzw([256, 1, 258]), { 259: 5 }), "is truncated: pixels are missing"],
    ["LZW out of its table", rawTiff(lzw([256, 258]), { 259: 5 }), "is damaged (corrupted code"],
    ["offsets of odd size", Buffer.from(TIFFS.bigTiff).fill(4, 4, 5), "is damaged (Unsupported offset byte-size.)"],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(decodeTiff(bytes)).rejects.toThrow(message);
  });

  test("takes no more of LZW than a strip has", async () => {
    // each code is the newest: strings of 1, 2, 3 ... bytes
    const packed = lzw([256, 0, ...Array.from({ length: 200 }, (_, i) => 258 + i)]);
    expect([...(await decodeTiff(rawTiff(packed, { 259: 5 }))).values]).toEqual(new Array(64).fill(0));
  });

  test("prints nothing where LZW has no last code", async () => {
    const warn = vi.spyOn(console, "warn");
    const values = (await decodeTiff(rawTiff(lzw([256, ...pixels8x8]), { 259: 5 }))).values;
    expect([...values]).toEqual([...pixels8x8]);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test("reads numbers of any unsigned type, and refuses text where a number belongs", async () => {
    const bytes = rawTiff(pixels8x8);
    const typeOfWidth = 8 + 64 + 2 + 2;
    for (const type of [1, 3, 4]) {
      bytes[typeOfWidth] = type;
      await expect(decodeTiff(bytes)).resolves.toMatchObject({ width: 8 });
    }
    bytes[typeOfWidth] = 2;
    await expect(decodeTiff(bytes)).rejects.toThrow("is damaged (tag 256 holds something else than whole numbers)");
  });

  test("refuses pages that run in a circle, and finds none where the first is missing", async () => {
    const circle = rawTiff(pixels8x8);
    circle.writeUInt32LE(circle.readUInt32LE(4), circle.length - 4);
    await expect(decodeTiff(circle)).rejects.toThrow("is damaged (its pages run in a circle)");
    await expect(decodeTiff(Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]))).rejects.toThrow("has no picture in it");
  });

  test.each(["grey", "lzwPredictor", "deflate", "packBits", "tiledColour", "grey16BigEndian", "bigTiff"] as const)(
    "refuses %s wherever it is cut short",
    async (name) => {
      for (let length = 4; length < TIFFS[name].length; length++) {
        await expect(decodeTiff(TIFFS[name].subarray(0, length)), `${length} bytes`).rejects.toThrow(/^is truncated: /);
      }
    },
  );

  test("reads or refuses a file with any byte changed, within its size", async () => {
    const files = Object.values(TIFFS);
    const change = fc
      .constantFrom(...files)
      .chain((file) => fc.tuple(fc.constant(file), fc.nat(file.length - 5), fc.integer({ min: 1, max: 255 })));
    await fc.assert(
      fc.asyncProperty(change, async ([file, at, by]) => {
        const changed = Buffer.from(file);
        changed[4 + at] ^= by;
        const raster = await decodeTiff(changed).catch((error: unknown) => error as Error);
        if (raster instanceof Error) expect(raster.message).toMatch(/^(is|has|claims) /);
        else expect(raster.values).toHaveLength(raster.width * raster.height * raster.channels);
      }),
      { numRuns: 500 },
    );
  });
});

test("isTiff knows the signatures", () => {
  for (const name of ["grey", "grey16BigEndian", "bigTiff", "bigTiffBigEndian"] as const) expect(isTiff(TIFFS[name])).toBe(true);
  for (const other of ["II", "II\0*", "MM*\0", "IM\0*", "\x89PNG"]) expect(isTiff(Buffer.from(other, "latin1"))).toBe(false);
});
