import { readFileSync } from "node:fs";
import fc from "fast-check";
import { encode } from "jpeg-js";
import { describe, expect, test } from "vitest";
import { decodeJpeg, isJpeg } from "../../../src/cli/data/jpeg.js";
import { CMYK, PLAIN_RGB, PROGRESSIVE } from "../helpers/jpegs.js";
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
  });

  test("refuses a gigantic claim", async () => {
    const huge = Buffer.from(file);
    const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(65000, frame + 5);
    huge.writeUInt16BE(65000, frame + 7);
    await expect(decodeJpeg(huge)).rejects.toThrow(/claims 65000 x 65000 pixels/);
  });

  test.each([true, false])("refuses a turned picture (little-endian %s) and reads an upright one", async (little) => {
    await expect(decodeJpeg(withSegment(0xe1, exif(6, little)))).rejects.toThrow(/EXIF orientation 6.*save it upright/);
    await expect(decodeJpeg(withSegment(0xe1, exif(1, little)))).resolves.toMatchObject({ width });
  });

  test("reads on over EXIF that is cut off", async () => {
    const whole = exif(6, true);
    for (const length of [6, 10, 14, 16, 20]) {
      await expect(decodeJpeg(withSegment(0xe1, whole.subarray(0, length)))).resolves.toMatchObject({ width });
    }
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
