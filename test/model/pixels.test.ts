import { expect, test } from "vitest";
import { pixelsOf } from "../../src/model/pixels.js";

const grey = (data: Uint8Array | Uint16Array, white: number) => ({ data, width: data.length, height: 1, channels: 1, white });

test("pictures of 8 and of 16 bits come to the same mean and variance", () => {
  const eight = pixelsOf(grey(Uint8Array.of(0, 10, 20, 30), 255));
  const sixteen = pixelsOf(grey(Uint16Array.of(0, 2570, 5140, 7710), 65535));
  expect(eight.mean).toEqual([15, 15, 15]);
  expect(eight.scale[0]).toBeCloseTo(1 / Math.sqrt(125), 12);
  expect(sixteen.mean).toEqual([3855, 3855, 3855]);
  expect(sixteen.scale[0]).toBeCloseTo(eight.scale[0] / 257, 12);
});

test("a picture of one colour comes to zeros", () => {
  const { rgb, mean, scale } = pixelsOf(grey(Uint8Array.of(9, 9, 9, 9), 255));
  expect(Array.from(rgb, (value, i) => (value - mean[i % 3]) * scale[i % 3])).toEqual(new Array(12).fill(0));
  expect(scale).toEqual([1, 1, 1]);
});
