import { describe, expect, test } from "vitest";
import { readNormalisation, scalingOf } from "../../src/model/normalisation.js";

const rgb = Uint8Array.of(0, 51, 102, 153, 204, 255);
const read = (...args: Parameters<typeof scalingOf>) => {
  const { mean, scale } = scalingOf(...args);
  return Array.from(args[0], (value, i) => (value - mean[i % 3]) * scale[i % 3]);
};
const close = (values: number[], expected: number[]) => values.forEach((value, i) => { expect(value).toBeCloseTo(expected[i], 9); }); // biome-ignore format: one line

describe("scalingOf", () => {
  test("brings a picture to mean 0 and variance 1", () => {
    const values = read(rgb, 255, "picture");
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
    expect(values.reduce((sum, value) => sum + value * value, 0) / 6).toBeCloseTo(1, 9);
  });

  test("leaves values as they are, those of 16 bits as 8", () => {
    close(read(rgb, 255, "none"), [...rgb]);
    close(read(Uint16Array.from(rgb, (value) => 257 * value), 65535, "none"), [...rgb]); // biome-ignore format: one line
  });

  test("takes mean and deviation of each colour, of full brightness as 1", () => {
    const expected = [...rgb].map((value, i) => (value / 255 - [0.485, 0.456, 0.406][i % 3]) / [0.229, 0.224, 0.225][i % 3]);
    const normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
    close(read(rgb, 255, normalisation), expected);
    close(read(Uint16Array.from(rgb, (value) => 257 * value), 65535, normalisation), expected); // biome-ignore format: one line
  });
});

describe("readNormalisation", () => {
  test("copies what it is given", () => {
    const given = { mean: [0, 1, 2], std: [1, 2, 3] };
    const taken = readNormalisation("f()", "normalisation", given);
    expect(taken).toEqual(given);
    given.mean[0] = 9;
    expect(taken).toEqual({ mean: [0, 1, 2], std: [1, 2, 3] });
    expect(readNormalisation("f()", "normalisation", undefined)).toBe("picture");
  });

  test.each([
    ["imagenet"],
    [null],
    [{ mean: [0, 0, 0] }],
    [{ mean: [0, 0, 0], std: [1, 0, 1] }],
    [{ mean: [0, 0], std: [1, 1] }],
    [{ mean: [0, 0, Number.NaN], std: [1, 1, 1] }],
  ])("refuses %j", (given) => {
    expect(() => readNormalisation("f()", "normalisation", given)).toThrow(
      /^f\(\): normalisation is .*, expected "picture", "none" or \{ mean, std \}, three finite numbers each, std not 0$/,
    );
  });
});
