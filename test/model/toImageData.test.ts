import { afterEach, describe, expect, test, vi } from "vitest";
import { toImageData } from "../../src/model/toImageData.js";

const prediction = { width: 2, height: 2, labels: Uint8Array.of(0, 1, 2, 9) };

describe("toImageData", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("leaves the background transparent, and gives classes different colours", () => {
    const { data, width, height, colorSpace } = toImageData(prediction);
    expect({ width, height, colorSpace }).toEqual({ width: 2, height: 2, colorSpace: "srgb" });
    const pixels = [0, 1, 2, 3].map((i) => [...data.slice(4 * i, 4 * i + 4)]);
    expect(pixels[0]).toEqual([0, 0, 0, 0]);
    expect(pixels.slice(1).every(([, , , alpha]) => alpha > 0 && alpha < 255)).toBe(true);
    expect(pixels[1]).not.toEqual(pixels[2]);
    // they repeat
    expect(pixels[3]).toEqual(pixels[2]);
  });

  test("takes colours in the ways that people write them", () => {
    const colours = [null, [1, 2, 3], "#0a0B0c80", ...new Array(6).fill(null), [4, 5, 6, 7]];
    expect([...toImageData(prediction, { colours }).data]).toEqual([0, 0, 0, 0, 1, 2, 3, 255, 10, 11, 12, 128, 4, 5, 6, 7]);
  });

  test("is an ImageData where there are such", () => {
    class ImageData {
      constructor(
        readonly data: Uint8ClampedArray,
        readonly width: number,
        readonly height: number,
      ) {}
    }
    vi.stubGlobal("ImageData", ImageData);
    expect(toImageData(prediction)).toBeInstanceOf(ImageData);
  });

  test("names the label that has no colour, and refuses what is none", () => {
    expect(() => toImageData(prediction, { colours: ["#000000", "#ffffff"] })).toThrow("labels[2] is 2, but colours has 2 entries");
    expect(() => toImageData(prediction, { colours: ["red"] })).toThrow('colours[0] is "red", expected [red, green, blue]');
    expect(() => toImageData(prediction, { colours: [[1, 2, 300]] })).toThrow("colours[0] is an array of 3");
    expect(() => toImageData({ ...prediction, labels: new Uint8Array(3) })).toThrow("expected a Uint8Array of 2 x 2 labels");
    expect(() => toImageData(null as never)).toThrow("prediction is null, expected what predict returns");
  });
});
