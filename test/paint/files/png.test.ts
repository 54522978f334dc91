// Our PNG files against fast-png and zlib.
import { deflateSync } from "node:zlib";
import { decode, encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { decodeLabels } from "../../../src/paint/files/decodeLabels.js";
import { encodePng } from "../../../src/paint/files/encodePng.js";
import { uniform } from "../../../src/random.js";
import { chunk } from "../../cli/helpers/rawPng.js";

const next = uniform(1);
const SIZES = [[1, 1], [7, 5], [1, 300], [300, 400], [70_001, 3]]; // biome-ignore format: one line

function image(width: number, height: number, channels: 1 | 3) {
  const data = Uint8Array.from({ length: width * height * channels }, () => 256 * next());
  const rows = (from: number, to: number) => data.subarray(from * width * channels, to * width * channels);
  return { width, height, channels, data, rows };
}
const blob = (...parts: Uint8Array[]) => new Blob(parts as Uint8Array<ArrayBuffer>[]);

describe("encodePng", () => {
  test.each(SIZES)("%i x %i pixels of grey and of colour come back as they were", async (width, height) => {
    for (const channels of [1, 3] as const) {
      const picture = image(width, height, channels);
      const decoded = decode(new Uint8Array(await (await encodePng(picture)).arrayBuffer()), { checkCrc: true });
      expect(decoded).toMatchObject({ width, height, channels, depth: 8 });
      expect(Buffer.compare(decoded.data as Uint8Array, picture.data)).toBe(0);
    }
  });
});

describe("decodeLabels", () => {
  test.each(SIZES)("reads %i x %i labels that encodePng wrote", async (width, height) => {
    const picture = image(width, height, 1);
    const { labels, found, ...size } = await decodeLabels(await encodePng(picture), { width, height });
    expect(size).toEqual({ width, height });
    expect(Buffer.compare(labels, picture.data)).toBe(0);
    expect(found).toEqual([...new Set(picture.data)].sort((a, b) => a - b));
  });

  test("reads every filter that other programs choose", async () => {
    const [width, height] = [9, 10];
    const { data } = image(width, height, 1);
    const at = (x: number, y: number) => (x < 0 || y < 0 ? 0 : data[y * width + x]);
    const paeth = (a: number, b: number, c: number) => {
      const [pa, pb, pc] = [a, b, c].map((one) => Math.abs(a + b - c - one));
      return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    };
    const rows = Array.from({ length: height }, (_, y) => [
      y % 5,
      ...Array.from({ length: width }, (_, x) => {
        const [left, above, corner] = [at(x - 1, y), at(x, y - 1), at(x - 1, y - 1)];
        return at(x, y) - [0, left, above, (left + above) >> 1, paeth(left, above, corner)][y % 5];
      }),
    ]);
    const whole = await encodePng(image(width, height, 1));
    const head = new Uint8Array(await whole.slice(0, 33).arrayBuffer());
    const packed = deflateSync(Uint8Array.from(rows.flat()));
    const file = blob(head, chunk("tEXt", Buffer.from("a\0b")), chunk("IDAT", packed.subarray(0, 9)), chunk("IDAT", packed.subarray(9)));
    expect((await decodeLabels(file, { width, height })).labels).toEqual(data);
  });

  test("refuses what is no grey PNG file, and what is damaged", async () => {
    const refuse = (file: Blob, why: RegExp) => expect(decodeLabels(file, { width: 30, height: 30 })).rejects.toThrow(why);
    await refuse(blob(new Uint8Array(100)), /^is no PNG file$/);
    await refuse(new Blob(), /^is no PNG file$/);
    await refuse(blob(encode(image(3, 3, 3))), /^is no grey PNG file of 8 bits without interlacing$/);
    const whole = await encodePng(image(30, 30, 1));
    await refuse(whole.slice(0, 100), /^is truncated$/);
    const head = new Uint8Array(await whole.slice(0, 33).arrayBuffer());
    await refuse(blob(head, chunk("IDAT", deflateSync(new Uint8Array(31 * 30 + 1)))), /more than the 930 bytes/);
    await refuse(blob(head, chunk("IDAT", deflateSync(new Uint8Array(31 * 30 - 1)))), /to 929 bytes, but claims 930/);
    await refuse(blob(head, chunk("IDAT", Buffer.from("nonsense"))), /^is damaged$/);
    await refuse(blob(head, chunk("IDAT", deflateSync(new Uint8Array(31 * 30).fill(5)))), /^is damaged$/);
    new DataView(head.buffer).setUint32(16, 2 ** 16);
    new DataView(head.buffer).setUint32(20, 2 ** 16);
    await refuse(blob(head), /^is 65536 x 65536 pixels, but its picture is 30 x 30$/);
  });
});
