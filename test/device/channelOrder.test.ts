import { expect, test } from "vitest";
import { channelsLast, channelsSecond } from "../../src/device/channelOrder.js";

test("pixels of two images with three classes, both ways", () => {
  const extents = { images: 2, classes: 3, pixels: 2 };
  const last = Float32Array.of(11, 21, 31, 12, 22, 32, 13, 23, 33, 14, 24, 34);
  const second = Float32Array.of(11, 12, 21, 22, 31, 32, 13, 14, 23, 24, 33, 34);
  expect(channelsSecond(last, extents)).toEqual(second);
  expect(channelsLast(second, extents)).toEqual(last);
});
