import fc from "fast-check";
import { expect, test } from "vitest";
import { resample } from "../../src/model/resample.js";
import { noiseSample, plainSample } from "./helpers/samples.js";

test("a scale of 1 is the identity, and a window of whole pixels a crop", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (width, height) => {
      const sample = noiseSample(width, height, { white: 65535 });
      expect(resample(sample, { left: 0, upper: 0, width, height }, width, height)).toEqual(sample);
    }),
  );
  const sample = noiseSample(5, 4, { channels: 1 });
  const { picture, labels } = resample(sample, { left: 2, upper: 1, width: 2, height: 3 }, 2, 3);
  const at = [7, 8, 12, 13, 17, 18];
  expect([...picture.data]).toEqual(at.map((i) => sample.picture.data[i]));
  expect([...labels]).toEqual(at.map((i) => sample.labels[i]));
});

test("doubled, values lie a quarter from their neighbours, and each label becomes four", () => {
  const picture = { data: Uint8Array.of(0, 100), width: 2, height: 1, channels: 1, white: 255 };
  const doubled = resample({ picture, labels: Uint8Array.of(0, 1) }, { left: 0, upper: 0, width: 2, height: 1 }, 4, 2);
  expect([...doubled.picture.data]).toEqual([0, 25, 75, 100, 0, 25, 75, 100]);
  expect([...doubled.labels]).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
});

test("outside, labels are ignored and the picture has its mean colour", () => {
  const picture = { data: Uint8Array.of(10, 20, 30, 30, 40, 51), width: 2, height: 1, channels: 3, white: 255 };
  const wide = resample({ picture, labels: Uint8Array.of(1, 2) }, { left: -1, upper: 0, width: 4, height: 1 }, 4, 1);
  expect([...wide.labels]).toEqual([255, 1, 2, 255]);
  expect([...wide.picture.data]).toEqual([20, 30, 41, 10, 20, 30, 30, 40, 51, 20, 30, 41]);
});

test("a picture of one colour keeps it, wherever the window lies", () => {
  const numbers = fc.double({ min: -20, max: 20, noNaN: true });
  const extents = fc.double({ min: 0.1, max: 30, noNaN: true });
  fc.assert(
    fc.property(numbers, numbers, extents, extents, (left, upper, width, height) => {
      const { picture } = resample(plainSample(6, 5, 65535, { white: 65535 }), { left, upper, width, height }, 7, 4);
      expect(new Set(picture.data)).toEqual(new Set([65535]));
    }),
  );
});
