import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBytes, merge, sketch, toBytes, weigh } from "../../src/sketch/index.js";
import { expectError } from "../helpers/errors.js";
import { summaries } from "../helpers/summaries.js";

const one = sketch("softmax", Float32Array.of(0.5, -2, 3, 1, 0, 2), [1, 0], { shape: [2, 3], bins: 16 });
const bytes = toBytes(one);

test("gives the summary that toBytes wrote, to the same bits", () => {
  fc.assert(
    fc.property(summaries, ([a, b]) => {
      expect(fromBytes(toBytes(a))).toEqual(a);
      expect(merge(fromBytes(toBytes(a)), b)).toEqual(merge(a, b));
    }),
    { numRuns: 60 },
  );
});

test("reads bytes of any kind, wherever they begin", () => {
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  for (const same of [Buffer.from(bytes), bytes.slice().buffer, shifted.subarray(3)]) expect(fromBytes(same)).toEqual(one);
  expect(weigh(fromBytes(bytes))).toEqual(weigh(one));
});

describe("refuses", () => {
  const refused = (wrong: unknown, message: RegExp) => expectError(() => fromBytes(wrong as Uint8Array), "data", message);

  test("bytes of which any bit has changed", () => {
    for (let i = 0; i < 8 * bytes.length; i++) {
      const damaged = bytes.map((byte, at) => (at === i >> 3 ? byte ^ (1 << (i & 7)) : byte));
      refused(damaged, /^fromBytes\(bytes\): bytes (are no summary|are of version|are damaged)/);
    }
  });

  test("bytes that lack some, or have more", () => {
    for (let length = 0; length < bytes.length; length++) refused(bytes.subarray(0, length), /are (truncated|damaged)/);
    refused(Uint8Array.of(...bytes, 0), /are damaged: their checksum does not agree/);
  });

  test("bytes of another version, and of something else", () => {
    refused(withChecksum(bytes.map((byte, i) => (i === 4 ? 2 : byte))), /are of version 2 .* reads 1, .* update lovasz/);
    refused(withChecksum(bytes.map((byte, i) => (i === 4 ? 0 : byte))), /are of version 0 .* count the part again/);
    refused(Buffer.from("PK, and many more bytes of a zip file, which is no summary at all"), /are no summary/);
    for (const wrong of [null, undefined, "TFZT", [...bytes], one, new Float32Array(9)]) refused(wrong, /expected a Uint8Array/);
  });

  test("bytes with a checksum that agrees, but of no summary", () => {
    const forged = (at: number, value: number) => withChecksum(bytes.map((byte, i) => (i === at ? value : byte)));
    const foreign = /have a checksum that agrees, but are no summary/;
    // loss, bins, range, classes, tokens, extras, pixels
    for (const [at, value] of [[5, 7], [6, 60], [6, 3], [7, 65], [8, 2], [9, 255], [12, 1], [15, 255], [16, 2], [19, 255], [26, 1]]) refused(forged(at, value), foreign); // biome-ignore format: one line
    // nothing packed, tokens beyond the counts, and garbage in place of what is packed
    const start = 28 + 8 * 3;
    const packedAs = (packed: Uint8Array) => withChecksum(Uint8Array.of(...bytes.subarray(0, start), ...packed, ...bytes.subarray(-32)));
    const tokens = new DataView(bytes.buffer).getUint32(12, true);
    for (const packed of [new Uint8Array(0), deflateRawSync(new Uint8Array(tokens).fill(0xe0)), Uint8Array.of(0xff, 0xff, 0xff)]) {
      refused(packedAs(packed), foreign);
    }
  });

  test("what needs more memory than there is", () => {
    const [bins, classes] = [20, 4096];
    const huge = new Uint8Array(28 + 8 * classes + 32);
    huge.set(bytes.subarray(0, 28));
    huge[6] = bins;
    new DataView(huge.buffer).setUint32(8, classes, true);
    expectError(() => fromBytes(withChecksum(huge)), "memory", /need \d+ bytes of memory; use fewer bins/);
  });
});

function withChecksum(damaged: Uint8Array): Uint8Array {
  const whole = damaged.slice();
  whole.set(createHash("sha256").update(whole.subarray(0, -32)).digest(), whole.length - 32);
  return whole;
}
