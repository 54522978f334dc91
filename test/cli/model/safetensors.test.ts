import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../src/cli/model/safetensors.js";
import { LovaszError } from "../../../src/index.js";
import { seal } from "../helpers/seal.js";

const tensors = {
  weight: { shape: [2, 3], data: Float32Array.of(1, -0, 1e-40, 3.5, -2, 7) },
  bias: { shape: [2], data: Float32Array.of(0.1, 0.2) },
  empty: { shape: [0], data: new Float32Array(0) },
};
const bytes = encode({ tensors, metadata: { loss: "bce" } });

function refusal(file: Uint8Array): string {
  try {
    decode(file, "FILE");
  } catch (error) {
    expect(error).toBeInstanceOf(LovaszError);
    expect((error as LovaszError).code).toBe("data");
    return (error as LovaszError).message;
  }
  throw new Error("decode() took the file for good");
}

describe("encode and decode", () => {
  test("give back what they took, whatever the alignment of the bytes", () => {
    expect(decode(bytes, "FILE")).toEqual({ tensors, metadata: { loss: "bce" } });
    const odd = new Uint8Array(bytes.length + 1);
    odd.set(bytes, 1);
    expect(decode(odd.subarray(1), "FILE").tensors).toEqual(tensors);
  });

  test("keep to the format: length, JSON, values in little-endian order", () => {
    const file = Buffer.from(bytes);
    const length = Number(file.readBigUInt64LE());
    const header = JSON.parse(file.toString("utf8", 8, 8 + length));
    expect((8 + length) % 8).toBe(0);
    expect(header.weight).toEqual({ dtype: "F32", shape: [2, 3], data_offsets: [0, 24] });
    expect(header.bias.data_offsets).toEqual([24, 32]);
    expect(file.readFloatLE(8 + length + 24)).toBe(Math.fround(0.1));
  });
});

describe("decode refuses", () => {
  test("a file cut short at any byte", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(bytes.subarray(0, length)), `${length} bytes`).toMatch(/^FILE .*; train the model anew or copy the file again$/);
    }
  });

  test("a file with more at its end", () => {
    expect(refusal(Buffer.concat([bytes, Buffer.alloc(1)]))).toMatch(/checksum differs/);
  });

  test("a file with any byte changed", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Uint8Array.from(bytes);
        changed[at] ^= by;
        refusal(changed);
      }),
      { numRuns: 1000 },
    );
  });

  test("anything else, without taking much memory or time", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (file) => refusal(file) !== ""));
    const begin = (length: bigint) => {
      const file = Buffer.alloc(64, 0x20);
      file.writeBigUInt64LE(length);
      return file;
    };
    expect(refusal(begin(2n ** 64n - 1n))).toMatch(/its header should take 18446744073709551615 bytes;/);
    expect(refusal(begin(2n ** 40n))).toMatch(/truncated or no safetensors file/);
    expect(refusal(begin(56n))).toMatch(/its header is not JSON/);
    const large = Buffer.alloc(2 ** 21 + 8, "[");
    large.writeBigUInt64LE(2n ** 21n);
    expect(refusal(large)).toMatch(/has a header of 2097152 bytes, so lovasz train did not write it/);
  });

  const four = Buffer.alloc(4);
  const entry = (more: object) => ({ dtype: "F32", shape: [1], data_offsets: [0, 4], ...more });
  test.each<[string, Buffer, RegExp]>([
    ["no checksum", Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("{}")]), /no checksum/],
    ["metadata of other kinds", seal({ width: 8 }, {}, four), /metadata that are not strings/],
    ["another type", seal({}, { a: entry({ dtype: "F16" }) }, four), /a that is not described as float32/],
    ["no type", seal({}, { a: 7 }, four), /not described/],
    ["a shape that is none", seal({}, { a: entry({ shape: [0.5] }) }, four), /not described/],
    ["a negative extent", seal({}, { a: entry({ shape: [-1] }) }, four), /not described/],
    [
      "a gigantic shape",
      seal({}, { a: entry({ shape: [2 ** 50, 2 ** 50] }) }, four),
      /of shape \[1125899906842624,1125899906842624\] at bytes 0,4/,
    ],
    ["a shape beyond numbers", seal({}, { a: entry({ shape: [...Array(25).fill(2 ** 50), 0], data_offsets: [0, 0] }) }, four), /of shape/],
    [
      "a gigantic shape and offset",
      seal({}, { a: entry({ shape: [2 ** 50], data_offsets: [0, 2 ** 52] }) }, four),
      /values of a are missing/,
    ],
    ["offsets that overlap", seal({}, { a: entry({}), b: entry({}) }, four), /tensor b of shape \[1\] at bytes 0,4, expected 4,8/],
    ["values that nobody claims", seal({}, { a: entry({}) }, Buffer.alloc(8)), /has 8 bytes of values, expected 4/],
  ])("%s", (_, file, message) => {
    expect(refusal(file)).toMatch(message);
  });
});
