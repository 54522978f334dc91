import { readFileSync } from "node:fs";
import { encode } from "jpeg-js";
import { describe, expect, test } from "vitest";
import { decodeJpeg, isJpeg } from "../../../src/cli/data/jpeg.js";

const [width, height] = [20, 12];
const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => (i % 4 === 0 ? 200 : 40));
const file = encode({ width, height, data }, 95).data;

/** The file with another segment behind its start. */
function withSegment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([file.subarray(0, 2), head, body, file.subarray(2)]);
}

function exif(orientation: number, little: boolean): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write(little ? "II" : "MM");
  const [u16, u32] = little ? (["writeUInt16LE", "writeUInt32LE"] as const) : (["writeUInt16BE", "writeUInt32BE"] as const);
  tiff[u16](42, 2);
  tiff[u32](8, 4);
  tiff[u16](1, 8);
  tiff[u16](0x0112, 10);
  tiff[u16](3, 12);
  tiff[u32](1, 14);
  tiff[u16](orientation, 18);
  return Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
}

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
