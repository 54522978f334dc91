import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { encode } from "jpeg-js";
import { describe, expect, test } from "vitest";
import { decodeJpeg, isJpeg } from "../../../src/cli/data/jpeg.js";
import { CMYK, DECODED, PLAIN_RGB, PROGRESSIVE } from "../helpers/jpegs.js";
import { tiff } from "../helpers/tiff.js";

const [width, height] = [20, 12];
const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => (i % 4 === 0 ? 200 : 40));
const file = encode({ width, height, data }, 95).data;

/** The file with another segment behind its start. */
function withSegment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([file.subarray(0, 2), head, body, file.subarray(2)]);
}

/** The file, baseline and with one scan, with other names for its three components. */
function withNames(bytes: Buffer, names: string): Buffer {
  const copy = Buffer.from(bytes);
  const [frame, scan] = [0xc0, 0xda].map((marker) => copy.indexOf(Buffer.from([0xff, marker])));
  for (const [i, name] of [...names].entries()) {
    copy[frame + 10 + 3 * i] = name.charCodeAt(0);
    copy[scan + 5 + 2 * i] = name.charCodeAt(0);
  }
  return copy;
}

const exif = (orientation: number, little: boolean) => Buffer.concat([Buffer.from("Exif\0\0"), tiff(orientation, little)]);

describe("decodeJpeg", () => {
  test("reads colours nearly as they were", async () => {
    const raster = await decodeJpeg(file);
    expect(raster).toMatchObject({ width, height, channels: 3, white: 255, lossy: true });
    expect(raster.values).toHaveLength(3 * width * height);
    for (let i = 0; i < raster.values.length; i++) expect(Math.abs(raster.values[i] - (i % 3 === 0 ? 200 : 40))).toBeLessThan(6);
  });

  test("refuses every file that is cut short", async () => {
    for (let length = 3; length < file.length; length++) {
      await expect(decodeJpeg(file.subarray(0, length)), `${length} bytes`).rejects.toThrow(/is truncated/);
    }
    await expect(decodeJpeg(file.subarray(0, -1))).rejects.toThrow("is truncated: its end is missing");
    await expect(decodeJpeg(file.subarray(0, 10))).rejects.toThrow("is truncated: a segment is cut off");
  });

  test("refuses segments that are shorter than their kind", async () => {
    await expect(decodeJpeg(Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 1, 0xff, 0xd9]))).rejects.toThrow("is truncated: a segment is cut off");
    for (const body of [
      [8, 0, 1, 0, 1],
      [8, 0, 1, 0, 1, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11],
    ]) {
      const frame = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 2 + body.length, ...body, 0xff, 0xd9]);
      await expect(decodeJpeg(frame), `${body.length} bytes`).rejects.toThrow("is truncated: a segment is cut off");
    }
  });

  test("refuses a gigantic claim", async () => {
    const huge = Buffer.from(file);
    const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(65000, frame + 5);
    huge.writeUInt16BE(65000, frame + 7);
    await expect(decodeJpeg(huge)).rejects.toThrow(/claims 65000 x 65000 pixels/);
  });

  test.each([true, false])("says how a picture is stored (little-endian %s), and turns nothing", async (little) => {
    const { values } = await decodeJpeg(file);
    for (const orientation of [1, 2, 6, 8]) {
      await expect(decodeJpeg(withSegment(0xe1, exif(orientation, little)))).resolves.toMatchObject({ width, height, values, orientation });
    }
    await expect(decodeJpeg(withSegment(0xe1, exif(65535, little)))).resolves.toMatchObject({ orientation: 1 });
  });

  test("looks for EXIF in no other block", async () => {
    const other = Buffer.concat([Buffer.from("Exit\0\0"), tiff(6, true)]);
    await expect(decodeJpeg(withSegment(0xe1, other))).resolves.toMatchObject({ orientation: 1 });
  });

  test("goes by the first EXIF block", async () => {
    const second = withSegment(0xe1, exif(3, true));
    const both = Buffer.concat([withSegment(0xe1, exif(6, true)).subarray(0, -file.length + 2), second.subarray(2)]);
    await expect(decodeJpeg(both)).resolves.toMatchObject({ orientation: 6 });
  });

  test("reads on over EXIF that is cut off", async () => {
    const whole = exif(6, true);
    for (const length of [6, 10, 14, 16, 20]) {
      await expect(decodeJpeg(withSegment(0xe1, whole.subarray(0, length)))).resolves.toMatchObject({ width, orientation: 1 });
    }
  });

  test.each(DECODED)("reads the values that Pillow reads: $name", async ({ bytes, values, width, height, channels }) => {
    const expected = { width, height, channels, white: 255, lossy: true, orientation: 1, pages: 1 };
    expect(await decodeJpeg(bytes)).toEqual({ ...expected, values: Uint8Array.from(values) });
  });

  test("knows red, green and blue by a JFIF segment, by an Adobe segment, and then by the names of the components", async () => {
    const plain = DECODED.find(({ name }) => name === "plain RGB")!;
    const differences = DECODED.find(({ name }) => name === "baseline, 4:2:0")!;
    expect([...(await decodeJpeg(withNames(differences.bytes, "RGB"))).values]).toEqual(differences.values);
    expect([...(await decodeJpeg(withNames(plain.bytes, "\x01\x02\x03"))).values]).toEqual(plain.values);
    const adobe = plain.bytes.indexOf(Buffer.from([0xff, 0xee]));
    const bare = Buffer.concat([plain.bytes.subarray(0, adobe), plain.bytes.subarray(adobe + 2 + plain.bytes.readUInt16BE(adobe + 2))]);
    expect([...(await decodeJpeg(bare)).values]).toEqual(plain.values);
  });

  test("reads over what says nothing about the pixels, damaged or strange as it is", async () => {
    const { values } = await decodeJpeg(file);
    const damaged: [number, string][] = [
      [0xe0, "JFIF\0\x02\x01\0\0\x01\0\x01\0\0"],
      [0xe0, "JFXX\0\x10"],
      [0xe2, "ICC_PROFILE\0\x05\x02"],
      [0xed, "Photoshop 3.0\0"],
      [0xfe, "a comment"],
    ];
    for (const [marker, text] of damaged) {
      await expect(decodeJpeg(withSegment(marker, Buffer.from(text, "latin1"))), text).resolves.toMatchObject({ values });
    }
  });

  test("reads over stray bytes between segments, and over bytes behind the end", async () => {
    const { values } = await decodeJpeg(file);
    const tables = file.indexOf(Buffer.from([0xff, 0xdb]));
    for (const stray of [Buffer.from([1, 2, 3]), Buffer.from([0xff, 0xff, 0xff]), Buffer.from([0xff, 0x00, 0x07])]) {
      const loose = Buffer.concat([file.subarray(0, tables), stray, file.subarray(tables), stray]);
      await expect(decodeJpeg(loose)).resolves.toMatchObject({ values });
    }
    // as in files of several views, of which the first is the picture
    await expect(decodeJpeg(Buffer.concat([file, PROGRESSIVE]))).resolves.toMatchObject({ width, height, values });
  });

  test.each([
    ["progressive", PROGRESSIVE],
    ["plain RGB", PLAIN_RGB],
  ])("reads a %s file", async (_, bytes) => {
    const { values } = await decodeJpeg(bytes);
    const corners = [...values.subarray(0, 3), ...values.subarray(-3)];
    for (const [i, value] of [200, 40, 40, 30, 60, 190].entries()) expect(Math.abs(corners[i] - value)).toBeLessThan(4);
  });

  test("refuses CMYK, whose inks nobody agrees on", async () => {
    await expect(decodeJpeg(CMYK)).rejects.toThrow("is a JPEG of 4 channels, as CMYK is; save it in RGB");
  });

  test("refuses a large claim on few bytes, a second picture, 12 bits, and scans without end", async () => {
    const frame = file.indexOf(Buffer.from([0xff, 0xc0]));
    const claim = Buffer.from(file);
    claim.writeUInt16BE(5000, frame + 5);
    claim.writeUInt16BE(5000, frame + 7);
    await expect(decodeJpeg(claim)).rejects.toThrow("is truncated: it is too short for its size");
    const again = Buffer.from(file.subarray(frame + 4, frame + 19));
    await expect(decodeJpeg(withSegment(0xc0, again))).rejects.toThrow("has several pictures in it");
    const deep = Buffer.from(file);
    deep[frame + 4] = 12;
    await expect(decodeJpeg(deep)).rejects.toThrow(/12 bits/);
    const scan = Buffer.from([0xff, 0xda, 0, 2]);
    const scans = Buffer.concat([file.subarray(0, -2), ...Array.from({ length: 101 }, () => scan), file.subarray(-2)]);
    await expect(decodeJpeg(scans)).rejects.toThrow("has more than 100 scans");
  });

  test("reads or refuses a file with any byte changed, within its size", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(file);
        changed[at] ^= by;
        const raster = await decodeJpeg(changed).catch((error: unknown) => error);
        if (raster instanceof Error) expect(raster.message).toMatch(/^(is|has|claims) /);
        else expect(raster).toMatchObject({ channels: 3, lossy: true });
      }),
      { numRuns: 200 },
    );
  });

  test("refuses a file without picture, and a rare kind", async () => {
    await expect(decodeJpeg(Buffer.from([0xff, 0xd8, 0xff, 0xd9]))).rejects.toThrow(/no picture/);
    const lossless = Buffer.from(file);
    lossless[lossless.indexOf(Buffer.from([0xff, 0xc0])) + 1] = 0xc3;
    await expect(decodeJpeg(lossless)).rejects.toThrow(/rare kind/);
  });
});

test("isJpeg knows the signature", () => {
  expect(isJpeg(file)).toBe(true);
  expect(isJpeg(readFileSync(new URL(import.meta.url)))).toBe(false);
});

const cases = new URL("../../../../shared/cases/", import.meta.url);
const present = existsSync(cases);
if (!present) console.warn("skipped: the JPEG files of ../shared/cases are not here");

describe.skipIf(!present)("the files of ../shared/cases/jpeg", () => {
  interface Truth {
    size?: [number, number];
    meanRGB?: number[];
    orientation?: number;
    turned?: boolean;
  }
  const truths = present ? (JSON.parse(readFileSync(new URL("truth.json", cases), "utf8")) as Record<string, Truth>) : {};
  const expectMean = (values: ArrayLike<number>, mean: number[]) => {
    for (const [channel, expected] of mean.entries()) {
      const own = Array.from(values).filter((_, i) => i % 3 === channel);
      expect(Math.abs(own.reduce((a, b) => a + b) / own.length - expected)).toBeLessThan(0.001);
    }
  };

  test.each(Object.entries(truths).filter(([name]) => name.startsWith("jpeg/")))(
    "%s",
    async (name, { size, meanRGB, orientation, turned }) => {
      const raster = await decodeJpeg(readFileSync(new URL(name, cases)));
      if (size) expect([raster.width, raster.height]).toEqual(size);
      if (meanRGB) expectMean(raster.values, meanRGB);
      if (orientation) expect(raster.orientation).toBe(turned ? orientation : 1);
    },
  );

  test("min.jpg, progressive with restart markers", async () => {
    const { width, height, values } = await decodeJpeg(readFileSync(new URL("jpeg/min.jpg", cases)));
    expect([width, height]).toEqual([8, 8]);
    expectMean(values, [105.84375, 105.0625, 51.609375]); // by Pillow
  });
});
