import { describe, expect, test } from "vitest";
import { readOrientation } from "../../src/model/exif.js";
import { tiff } from "../cli/helpers/tiff.js";

// where the only entry has its parts
const [TYPE, COUNT, VALUE] = [12, 14, 18];

describe.each([true, false])("readOrientation, little-endian %s", (little) => {
  const block = tiff(1, little);
  const u16 = (value: number, at: number) => (little ? block.writeUInt16LE(value, at) : block.writeUInt16BE(value, at));
  const u32 = (value: number, at: number) => (little ? block.writeUInt32LE(value, at) : block.writeUInt32BE(value, at));
  const entry = (type: number, count: number, write: () => void) => {
    block.fill(0xff, VALUE, VALUE + 4);
    u16(type, TYPE);
    u32(count, COUNT);
    write();
    return readOrientation(block);
  };

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("reads orientation %i", (orientation) => {
    expect(readOrientation(tiff(orientation, little))).toBe(orientation);
  });

  test.each([0, 9, 256, 65535])("takes %i, which EXIF does not know, for upright", (orientation) => {
    expect(readOrientation(tiff(orientation, little))).toBe(1);
  });

  test("reads a BYTE, a SHORT and a LONG", () => {
    expect(entry(1, 1, () => block.writeUInt8(6, VALUE))).toBe(6);
    expect(entry(3, 1, () => u16(7, VALUE))).toBe(7);
    expect(entry(4, 1, () => u32(8, VALUE))).toBe(8);
    expect(entry(4, 1, () => u32(0x10006, VALUE))).toBe(1);
  });

  test("takes another type or several values for upright", () => {
    for (const type of [0, 2, 5, 6, 7, 8, 9, 12]) {
      for (const write of [() => block.writeUInt8(6, VALUE), () => u16(6, VALUE), () => u32(6, VALUE)]) {
        expect(entry(type, 1, write), `type ${type}`).toBe(1);
      }
    }
    expect(entry(3, 2, () => u16(6, VALUE))).toBe(1);
    expect(entry(3, 0, () => u16(6, VALUE))).toBe(1);
  });

  test("finds the orientation behind other entries", () => {
    const one = tiff(6, little);
    const other = Buffer.from(one.subarray(10, 22));
    other[little ? 0 : 1] = 0x0f;
    const two = Buffer.concat([one.subarray(0, 10), other, one.subarray(10)]);
    two[little ? 8 : 9] = 2;
    expect(readOrientation(two)).toBe(6);
  });

  test("takes a block that is cut off anywhere in the orientation for upright", () => {
    const turned = tiff(6, little);
    for (let length = 0; length < 22; length++) expect(readOrientation(turned.subarray(0, length)), `${length} bytes`).toBe(1);
    expect(readOrientation(turned.subarray(0, 22))).toBe(6);
  });

  test("takes a block of another byte order or another format for upright", () => {
    const strange = tiff(6, little);
    strange.write("IM");
    expect(readOrientation(strange)).toBe(1);
    const other = tiff(6, little);
    other[little ? 2 : 3] = 43;
    expect(readOrientation(other)).toBe(1);
  });
});

test("a directory beyond the end, or of endless entries, is none", () => {
  const block = tiff(6, true);
  block.writeUInt32LE(0xfffffff0, 4);
  expect(readOrientation(block)).toBe(1);
  const endless = tiff(6, true);
  endless.writeUInt16LE(0xffff, 8);
  endless.writeUInt16LE(0x0100, 10);
  expect(readOrientation(endless)).toBe(1);
});

test("reads a block that begins anywhere in its buffer", () => {
  const inside = Buffer.concat([Buffer.alloc(5, 0xff), tiff(6, true)]);
  expect(readOrientation(inside.subarray(5))).toBe(6);
});
