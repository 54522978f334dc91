import { expect, test } from "vitest";
import { blur } from "../../src/model/blur.js";
import { plainSample } from "./helpers/samples.js";

test("a point becomes the bell of a Gaussian, as wide each way", () => {
  const data = new Uint16Array(81);
  data[40] = 60000;
  const { data: blurred } = blur({ data, width: 9, height: 9, channels: 1, white: 65535 }, 1);
  const bell = Array.from({ length: 9 }, (_, i) => (Math.abs(i - 4) > 3 ? 0 : Math.exp(-((i - 4) ** 2) / 2)));
  const sum = bell.reduce((a, b) => a + b);
  const expected = Array.from({ length: 81 }, (_, i) => (60000 * bell[i % 9] * bell[Math.floor(i / 9)]) / sum ** 2);
  for (const [i, value] of blurred.entries()) expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(0.51);
});

test("a picture of one colour stays as it is, up to white", () => {
  for (const sigma of [0.5, 0.73, 1]) {
    for (const [value, white] of [
      [255, 255],
      [1, 255],
      [65535, 65535],
    ]) {
      // biome-ignore format: one line
      const { picture } = plainSample(5, 4, value, { white });
      expect(blur(picture, sigma)).toEqual(picture);
    }
  }
});

test("alpha is not blurred, and channels are not mixed", () => {
  const data = Uint8Array.of(255, 0, 0, 9, 0, 0, 255, 200);
  const { data: blurred } = blur({ data, width: 2, height: 1, channels: 4, white: 255 }, 1);
  expect([blurred[3], blurred[7]]).toEqual([9, 200]);
  expect([blurred[1], blurred[5]]).toEqual([0, 0]);
  expect(blurred[0]).toBeGreaterThan(blurred[4]);
  expect(blurred[0] + blurred[4]).toBe(255);
});
