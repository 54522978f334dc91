import { describe, expect, test } from "vitest";
import { rgbOf } from "../../src/model/rgb.js";

describe("rgbOf", () => {
  test.each<[string, number, number[], number[]]>([
    ["repeats grey", 1, [3, 4], [3, 3, 3, 4, 4, 4]],
    ["drops the alpha of grey", 2, [3, 0, 4, 255], [3, 3, 3, 4, 4, 4]],
    ["keeps colours", 3, [1, 2, 3], [1, 2, 3]],
    ["drops the alpha of colours", 4, [1, 2, 3, 0], [1, 2, 3]],
  ])("%s", (_, channels, values, expected) => {
    const data = Uint8Array.from(values);
    expect([...rgbOf({ data, width: values.length / channels, height: 1, channels, white: 255 })]).toEqual(expected);
  });

  test("keeps 16 bits", () => {
    const data = Uint16Array.of(40000);
    expect(rgbOf({ data, width: 1, height: 1, channels: 1, white: 65535 })).toEqual(Uint16Array.of(40000, 40000, 40000));
  });
});
