import { describe, expect, test } from "vitest";
import { mean, mul } from "../../src/index.js";
import { fromImageData } from "../../src/model/fromImageData.js";

const rgba = { data: Uint8ClampedArray.of(10, 20, 30, 255, 40, 50, 60, 0), width: 1, height: 2 };

describe("fromImageData", () => {
  test("drops alpha and puts each colour in a plane of its own", () => {
    const made = fromImageData(rgba, { normalisation: "none" });
    expect(made.shape).toEqual([1, 3, 2, 1]);
    expect([...made.data]).toEqual([10, 40, 20, 50, 30, 60]);
    made.dispose();
  });

  test("repeats grey, and reads 16 bits as 8", () => {
    const grey = fromImageData({ data: Uint16Array.of(0, 65535), width: 2, height: 1, channels: 1 }, { normalisation: "none" });
    expect([...grey.data]).toEqual([0, 255, 0, 255, 0, 255]);
    grey.dispose();
  });

  test("brings the picture to mean 0 and variance 1, unless a model reads it otherwise", () => {
    const made = fromImageData(rgba);
    expect(mean(made).item()).toBeCloseTo(0, 6);
    expect(mean(mul(made, made)).item()).toBeCloseTo(1, 6);
    const scaled = fromImageData(rgba, { normalisation: { mean: [0, 0, 0], std: [1, 2, 1] } });
    expect(scaled.data[3]).toBeCloseTo(50 / 255 / 2, 6);
    for (const tensor of [made, scaled]) tensor.dispose();
  });

  test("refuses what is no picture", () => {
    expect(() => fromImageData(rgba.data as never)).toThrow("picture.data is undefined");
    expect(() => fromImageData({ ...rgba, channels: 3 })).toThrow("not 3: these look like RGBA pixels, of 4");
    expect(() => fromImageData(rgba, { normalization: "none" } as never)).toThrow('has no option "normalization"; it knows normalisation');
  });
});
