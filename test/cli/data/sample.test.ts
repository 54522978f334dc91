import { expect, test } from "vitest";
import type { Raster } from "../../../src/cli/data/raster.js";
import { sampleOf } from "../../../src/cli/data/sample.js";

const grey = (values: Uint8Array | Uint16Array, white: number): Raster => ({ width: values.length, height: 1, channels: 1, values, white, lossy: false, orientation: 1, pages: 1 }); // biome-ignore format: one line
const labels = new Uint8Array(4);

test("pictures of 8 and of 16 bits come to the same mean and variance", () => {
  const eight = sampleOf("a", grey(Uint8Array.of(0, 10, 20, 30), 255), labels);
  const sixteen = sampleOf("a", grey(Uint16Array.of(0, 2570, 5140, 7710), 65535), labels);
  expect(eight.mean).toBe(15);
  expect(eight.scale).toBeCloseTo(1 / Math.sqrt(125), 12);
  expect(sixteen.mean).toBe(257 * 15);
  expect(sixteen.scale).toBeCloseTo(eight.scale / 257, 12);
});

test("a picture of one colour comes to zeros", () => {
  const { rgb, mean, scale } = sampleOf("a", grey(Uint8Array.of(9, 9, 9, 9), 255), labels);
  expect(Array.from(rgb, (value) => (value - mean) * scale)).toEqual(new Array(12).fill(0));
  expect(scale).toBe(1);
});
