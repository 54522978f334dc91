import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { npyBytes, readLabels, readValues } from "../../../src/cli/sketch/arrays.js";
import { normals } from "../../helpers/random.js";
import { temporaryFolder } from "../helpers/files.js";
import { npy } from "../helpers/npy.js";

const folder = temporaryFolder();
const write = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

const values = normals(12, 1);

describe("readValues", () => {
  test("reads .npy of float32, float64 and float16, and raw float32", async () => {
    const expected = { data: values, shape: [2, 3, 2] };
    expect(await readValues(write("a.npy", npy(values, "<f4", [2, 3, 2])), undefined)).toEqual(expected);
    expect(await readValues(write("a.npy", npy(values, "<f4", [2, 3, 2])), [2, 3, 2])).toEqual(expected);
    expect(await readValues(write("b.npy", npy(Float64Array.from(values), "<f8", [2, 3, 2])), undefined)).toEqual(expected);
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x0000);
    expect(await readValues(write("c.npy", npy(halves, "<f2", [3])), undefined)).toEqual({ data: Float32Array.of(1, -2, 0), shape: [3] });
    expect(await readValues(write("a.bin", new Uint8Array(values.buffer)), [12])).toEqual({ data: values, shape: [12] });
    expect(await readValues(write("none.npy", npy(new Float32Array(0), "<f4", [0, 3])), undefined)).toEqual({
      data: new Float32Array(0),
      shape: [0, 3],
    });
  });

  test.each<[string, Uint8Array, number[] | undefined, RegExp]>([
    [
      "ints.npy",
      npy(Int32Array.of(1), "<i4", [1]),
      undefined,
      /holds numbers of type i4, expected logits, .* values\.astype\(np\.float32\)$/,
    ],
    ["big.npy", npy(values, ">f4", [12]), undefined, /cannot be read as \.npy: .*; save it with np\.save/],
    ["order.npy", npy(values, "<f4", [3, 4], "True"), undefined, /is in Fortran order; save it as np\.ascontiguousarray\(array\)$/],
    ["short.npy", npy(values, "<f4", [13]), undefined, /is damaged: it holds 12 numbers, but its shape is 13$/],
    ["cut.npy", npy(values, "<f4", [12]).subarray(0, 20), undefined, /cannot be read as \.npy/],
    ["other.npy", npy(values, "<f4", [12]), [3, 4], /has the shape 12, which contradicts --shape 3,4; leave out --shape$/],
    ["raw.bin", new Uint8Array(8), undefined, /is no \.npy file; pass --shape, such as/],
    ["raw.bin", new Uint8Array(8), [3], /has 8 bytes, expected 12 for float32 of --shape 3$/],
  ])("refuses %s", async (name, bytes, shape, message) => {
    await expect(readValues(write(name, bytes), shape)).rejects.toMatchObject({ code: "data", message: expect.stringMatching(message) });
  });

  test("refuses what is no file", async () => {
    await expect(readValues(join(folder, "nothing.npy"), undefined)).rejects.toThrow(/does not exist; pass a \.npy file/);
  });
});

describe("readLabels", () => {
  test("reads whole numbers of any type", async () => {
    const expected = Int32Array.of(1, 0, 255);
    for (const [array, type] of [
      [Uint8Array.of(1, 0, 255), "|u1"],
      [Int16Array.of(1, 0, 255), "<i2"],
      [expected, "<i4"],
      [BigInt64Array.of(1n, 0n, 255n), "<i8"],
    ] as const) {
      expect(await readLabels(write("l.npy", npy(array, type, [3])), 3)).toEqual(expected);
    }
    expect(await readLabels(write("b.npy", npy(Uint8Array.of(1, 0, 1), "|b1", [3])), 3)).toEqual(Int32Array.of(1, 0, 1));
    expect(await readLabels(write("l.u8", Uint8Array.of(1, 0, 255)), 3)).toEqual(expected);
    expect(await readLabels(write("l.i32", new Uint8Array(expected.buffer)), 3)).toEqual(expected);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["l.npy", npy(values, "<f4", [12]), /holds numbers of type f4, expected whole numbers; save it as labels\.astype\(np\.int32\)$/],
    ["l.npy", npy(BigInt64Array.of(2n ** 40n, 0n, 0n), "<i8", [3]), /has the label 1099511627776, which int32 does not hold/],
    ["l.npy", npy(Uint8Array.of(1, 0), "|u1", [2]), /has 2 labels, but the values have 3 pixels; pass the labels of these values$/],
    ["l.u8", new Uint8Array(5), /has 5 bytes, expected 3 for uint8 or 12 for int32, or a \.npy file$/],
  ])("refuses %s", async (name, bytes, message) => {
    await expect(readLabels(write(name, bytes), 3)).rejects.toMatchObject({ code: "data", message: expect.stringMatching(message) });
  });
});

test("npyBytes(values) is what readValues reads", async () => {
  const one = { data: values, shape: [1, 3, 4] };
  expect(await readValues(write("out.npy", npyBytes(one)), undefined)).toEqual(one);
});
