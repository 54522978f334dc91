import { describe, expect, test } from "vitest";
import { nn, tensor } from "../../src/index.js";
import { decodeSafetensors } from "../../src/model/decodeSafetensors.js";
import { encodeSafetensors } from "../../src/model/encodeSafetensors.js";
import { partsOf } from "./helpers/rawFile.js";

const state = {
  weight: { shape: [2, 3], data: Float32Array.of(1, -0, 1e-40, 3.5, -2, 7) },
  bias: { shape: [2], data: Float32Array.of(0.1, 0.2) },
  empty: { shape: [0, 4], data: new Float32Array(0) },
  scalar: { shape: [], data: Float32Array.of(5) },
};

describe("encodeSafetensors", () => {
  test("keeps to the format: length, JSON, values in little-endian order at a multiple of 8", () => {
    for (const note of ["", "a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "ä"]) {
      const file = encodeSafetensors(state, { note });
      const { header, values } = partsOf(file);
      expect((file.length - values.length) % 8).toBe(0);
      expect(header.__metadata__).toMatchObject({ note });
      expect(header.weight).toEqual({ dtype: "F32", shape: [2, 3], data_offsets: [0, 24] });
      expect(header.bias.data_offsets).toEqual([24, 32]);
      expect(header.empty).toEqual({ dtype: "F32", shape: [0, 4], data_offsets: [32, 32] });
      expect(header.scalar.shape).toEqual([]);
      expect([values.readFloatLE(24), values.length]).toEqual([Math.fround(0.1), 36]);
    }
  });

  test("has a checksum of the contents, which neither the order of tensors nor metadata of the user change", () => {
    const sum = (...args: Parameters<typeof encodeSafetensors>) => partsOf(encodeSafetensors(...args)).header.__metadata__["lovasz.sha256"];
    const first = sum(state, { classes: "3" });
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(sum(Object.fromEntries(Object.entries(state).reverse()), { note: "mine", classes: "3", "lovasz.sha256": "old" })).toBe(first);
    expect(sum(state, { classes: "4" })).not.toBe(first);
    expect(sum({ ...state, empty: { shape: [4, 0], data: new Float32Array(0) } }, { classes: "3" })).not.toBe(first);
    expect(sum({ ...state, bias: { shape: [2], data: Float32Array.of(0.2, 0.1) } }, { classes: "3" })).not.toBe(first);
  });

  test("takes numbers in any list, tensors, and views with an offset", () => {
    const memory = Float32Array.of(9, 1, 2, 9);
    const lists = { list: [1, 2], doubles: Float64Array.of(1, 2), view: memory.subarray(1, 3) };
    const given = Object.fromEntries(Object.entries(lists).map(([name, data]) => [name, { shape: [2], data: data as Float32Array }]));
    const one = tensor([1, 2]);
    const decoded = decodeSafetensors(encodeSafetensors({ ...given, one: one as unknown as nn.StateDict[string] })).state;
    expect(Object.keys(decoded)).toEqual(["list", "doubles", "view", "one"]);
    for (const { data } of Object.values(decoded)) expect(data).toEqual(Float32Array.of(1, 2));
    one.dispose();
  });

  test("leaves what it was given alone", () => {
    const metadata = Object.freeze({ note: "mine" });
    const before = structuredClone(state);
    encodeSafetensors(Object.freeze(state), metadata);
    expect(state).toEqual(before);
  });

  const of = (entry: unknown) => ({ weight: entry }) as nn.StateDict;
  const four = new Float32Array(4);
  test.each<[string, unknown, string, RegExp]>([
    ["no state", undefined, "data", /state is undefined, expected what stateDict\(\) returns/],
    ["a list", [state], "data", /state is an array of 1, expected/],
    ["a Map", new Map(), "data", /state is a value of type Map/],
    ["a network", new nn.Sequential(new nn.ReLU()), "data", /state is a value of type Sequential, expected what stateDict\(\) returns/],
    ["an entry that is none", of(7), "shape", /state\["weight"\].shape is undefined, expected whole numbers/],
    ["no entry", of(null), "shape", /state\["weight"\].shape is undefined/],
    [
      "a shape that is none",
      of({ shape: [0.5], data: four }),
      "shape",
      /state\["weight"\].shape is \[0.5\], expected whole numbers of at least 0/,
    ],
    [
      "another number of values",
      of({ shape: [3], data: four }),
      "shape",
      /state\["weight"\].data is a Float32Array of 4, expected 3 numbers for shape \[3\]/,
    ],
    [
      "values from JSON",
      JSON.parse(JSON.stringify(state)),
      "shape",
      /expected 6 numbers for shape \[2, 3\]; JSON makes objects of typed arrays: write Array.from\(data\) to JSON/,
    ],
    ["text among the values", of({ shape: [2], data: [1, "2"] }), "data", /state\["weight"\].data\[1\] is "2", expected a number/],
    [
      "a tensor of the reserved name",
      { __metadata__: { shape: [4], data: four } },
      "data",
      /__metadata__, a name that the format reserves/,
    ],
    ["half a character", { "\ud800": { shape: [4], data: four } }, "data", /the name of a tensor in state has half a character/],
  ])("refuses %s", (_, given, code, message) => {
    expect(() => encodeSafetensors(given as nn.StateDict)).toThrow(
      expect.objectContaining({ name: "LovaszError", code, message: expect.stringMatching(message) }),
    );
  });

  test.each<[string, unknown, RegExp]>([
    ["null", null, /metadata is null, expected an object of text by name/],
    ["text", "note", /metadata is "note", expected/],
    ["a number", { classes: 3 }, /metadata\["classes"\] is 3, expected text; pass String\(value\) or JSON.stringify\(value\)/],
    ["half a character", { note: "\udc00" }, /metadata\["note"\] has half a character/],
  ])("refuses metadata: %s", (_, given, message) => {
    expect(() => encodeSafetensors(state, given as Record<string, string>)).toThrow(
      expect.objectContaining({ name: "LovaszError", code: "option", message: expect.stringMatching(message) }),
    );
  });
});
