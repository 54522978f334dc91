import { describe, expect, test } from "vitest";
import { COLOUR } from "../../../src/cli/data/maskValues.js";
import { listed, noiseOf, thresholdFor, valuesInWords } from "../../../src/cli/data/valuesInWords.js";

const counts = (...values: number[]) => new Map(values.map((value) => [value, 1]));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const noise = [...range(0, 12), ...range(243, 255)];

describe("valuesInWords", () => {
  test.each<[Map<number, number>, number, string]>([
    [counts(0), 255, "0"],
    [counts(255, 0), 255, "0 and 255"],
    [counts(0, 100, 255), 255, "0, 100 and 255"],
    [counts(...noise), 255, "0, 255 and 24 values in between, most within 12 of them"],
    [counts(...noise.map((value) => 257 * value)), 65535, "0, 65535 and 24 values in between, most within 3084 of them"],
    [counts(...range(0, 255)), 255, "0, 255 and 254 values in between"],
    [new Map([...counts(...range(0, 255)), [3, 1000]]), 255, "0, 255 and 254 values in between, most within 12 of them"],
    [counts(...range(0, 20)), 255, "0, 20 and 19 values in between"],
    [counts(0, COLOUR + 0xff0000, COLOUR + 0x00ff00), 255, "0, #00ff00 and #ff0000"],
    [counts(...range(COLOUR, COLOUR + 8)), 255, "9 colours"],
  ])("of %j, white %i", (given, white, words) => {
    expect(valuesInWords(given, white)).toBe(words);
  });
});

test("listed joins with commas and a last and", () => {
  expect([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual(["", "a", "a and b", "a, b and c"]);
});

test("noiseOf is 12 of 255", () => {
  expect([255, 65535, 15].map(noiseOf)).toEqual([12, 3084, 1]);
});

describe("thresholdFor", () => {
  const weighed = (...groups: [values: number[], count: number][]) =>
    new Map(groups.flatMap(([values, count]) => values.map((one) => [one, count] as const)));
  const black: [number[], number] = [[0], 10000];
  test.each<[string, Map<number, number>, number, number]>([
    ["noise around black and white is cut in the middle", counts(...noise), 255, 128],
    ["soft edges are cut at half", counts(...range(0, 255)), 255, 128],
    ["edges of a picture that was made smaller, too", weighed(black, [[28, 100, 227], 40], [[255], 500]), 255, 128],
    ["few values are cut at half of the largest", counts(0, 1, 2, 3), 255, 2],
    ["noise of 16 bits", counts(...noise.map((value) => 257 * value)), 65535, 32768],
  ])("%s", (_, given, white, threshold) => {
    expect(thresholdFor(given, white)).toBe(threshold);
  });

  test.each([
    ["a dim instance", weighed(black, [range(1, 7), 100], [range(95, 106), 60], [range(248, 255), 100]), 8, 94],
    ["instances as dim as 30, with stray pixels between", weighed(black, [range(1, 60), 1], [range(28, 32), 200], [[255], 900]), 12, 26],
    ["dim instances alone", weighed(black, [range(1, 9), 50], [range(38, 42), 200], [range(78, 82), 200]), 10, 37],
  ])("noise around %s is cut below it", (_, given, least, most) => {
    const threshold = thresholdFor(given, 255);
    expect(threshold).toBeGreaterThanOrEqual(least);
    expect(threshold).toBeLessThanOrEqual(most);
  });
});
