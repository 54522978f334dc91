import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Augmentation, augment, changed, drawn } from "../../src/model/augment.js";
import type { Sample } from "../../src/model/picture.js";
import { stream } from "../../src/model/shuffle.js";
import { noiseSample, plainSample } from "./helpers/samples.js";

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const sizes = fc.integer({ min: 1, max: 9 });

/** Each pixel as one text: its values and its label. */
function pixelsOf({ picture: { data, channels }, labels }: Sample): string[] {
  return Array.from(labels, (label, i) => `${data.slice(channels * i, channels * (i + 1))} ${label}`);
}

describe("augment", () => {
  test("none is the identity, for every kind of picture", () => {
    for (const channels of [1, 2, 3, 4]) {
      for (const white of [255, 65535]) {
        const sample = noiseSample(5, 3, { channels, white });
        expect(augment(sample, "none", { seed: 3 })).toEqual(sample);
      }
    }
  });

  test("turns are bijections that keep each pixel's values and label together", () => {
    fc.assert(
      fc.property(seeds, sizes, sizes, fc.integer({ min: 1, max: 4 }), (seed, width, height, channels) => {
        const sample = noiseSample(width, height, { channels });
        const turned = augment(sample, "turns", { seed });
        expect(pixelsOf(turned).sort()).toEqual(pixelsOf(sample).sort());
        expect([turned.picture.width, turned.picture.height].sort()).toEqual([width, height].sort());
      }),
    );
  });

  test("all eight orientations occur, and no two are alike", () => {
    const sample = noiseSample(3, 2);
    const seen = new Set(Array.from({ length: 200 }, (_, seed) => pixelsOf(augment(sample, "turns", { seed })).join("|")));
    const sizes = Array.from({ length: 200 }, (_, seed) => augment(sample, "turns", { seed }).picture.width);
    expect(seen.size).toBe(8);
    expect(new Set(sizes)).toEqual(new Set([2, 3]));
  });

  test.each<Augmentation>(["none", "turns", "full"])("%s: equal seeds give equal results, and the sample stays as it was", (how) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const sample = noiseSample(7, 5);
        expect(augment(sample, how, { seed })).toEqual(augment(noiseSample(7, 5), how, { seed }));
        expect(sample).toEqual(noiseSample(7, 5));
      }),
    );
  });

  test("full: every size, depth and number of channels gives numbers within range, of as many pixels", () => {
    const white = fc.constantFrom(1, 255, 4095, 65535);
    fc.assert(
      fc.property(seeds, sizes, sizes, fc.integer({ min: 1, max: 4 }), white, (seed, width, height, channels, white) => {
        const sample = noiseSample(width, height, { channels, white });
        const { picture, labels } = augment(sample, "full", { seed });
        expect(picture.data.constructor).toBe(sample.picture.data.constructor);
        expect([picture.data.length, labels.length]).toEqual([width * height * channels, width * height]);
        expect(picture.width * picture.height).toBe(width * height);
        expect(Math.max(...picture.data)).toBeLessThanOrEqual(white);
        for (const label of labels) expect([0, 1, 255]).toContain(label);
      }),
    );
  });

  test.each([
    [0, 255],
    [255, 255],
    [90, 255],
    [65535, 65535],
    [30000, 65535],
  ])("full: a picture of the one value %i of %i keeps one value, and black and white may only meet their ends", (value, white) => {
    for (let seed = 0; seed < 100; seed++) {
      const { picture } = augment(plainSample(9, 7, value, { white }), "full", { seed });
      expect(new Set(picture.data).size).toBe(1);
      expect(picture.data[0]).toBeLessThanOrEqual(white);
      if (value === 0) expect(picture.data[0]).toBe(0);
    }
  });

  test("full: each change happens in half of all cases, within its range", () => {
    const changes = Array.from({ length: 2000 }, (_, seed) => drawn("full", stream(seed)));
    const ranges: [(change: (typeof changes)[number]) => number, number, number, number][] = [
      [({ scale }) => scale, 0.7, 1.4, 1],
      [({ tone }) => tone.brightness, 0.75, 1.25, 1],
      [({ tone }) => tone.contrast, 0.75, 1.25, 1],
      [({ tone }) => tone.gamma, 0.7, 1.5, 1],
      [({ sigma }) => sigma, 0.5, 1, 0],
    ];
    for (const [of, least, most, otherwise] of ranges) {
      const happened = changes.map(of).filter((value) => value !== otherwise);
      expect(Math.abs(happened.length - 1000)).toBeLessThan(4 * Math.sqrt(500));
      for (const end of [least, most]) expect(happened.some((value) => Math.abs(value - end) < 0.02)).toBe(true);
      for (const value of happened) expect(value >= least && value <= most).toBe(true);
    }
  });

  test("full: alpha moves and is otherwise left alone", () => {
    const sample = noiseSample(8, 8, { channels: 4 });
    for (let i = 3; i < sample.picture.data.length; i += 4) (sample.picture.data as Uint8Array)[i] = 77;
    for (let seed = 0; seed < 50; seed++) {
      const { data } = augment(sample, "full", { seed }).picture;
      for (let i = 3; i < data.length; i += 4) expect(data[i]).toBe(77);
    }
  });

  test("full: labels follow the picture, outside it is ignored", () => {
    // two halves, whose colours are their labels; along the border of the halves the interpolated colour is nearer to one of them
    const [width, height] = [24, 16];
    const labels = Uint8Array.from({ length: width * height }, (_, i) => (i % width < 12 ? 0 : 1));
    const picture = { data: labels.map((label) => 200 * label), width, height, channels: 1, white: 255 };
    let outside = 0;
    for (let seed = 0; seed < 300; seed++) {
      const change = { ...drawn("full", stream(seed)), sigma: 0, tone: { brightness: 1, contrast: 1, gamma: 1 } };
      const result = changed({ picture, labels }, { left: 0, upper: 0, width, height }, change);
      for (const [i, label] of result.labels.entries()) {
        if (label === 255) {
          outside++;
          expect(result.picture.data[i]).toBe(100);
        } else if (result.picture.data[i] !== 100) expect(result.picture.data[i] > 100).toBe(label === 1);
      }
    }
    expect(outside).toBeGreaterThan(0);
  });

  test("refuses what is no sample, picture, label or augmentation", () => {
    const { picture, labels } = noiseSample(4, 3);
    const call =
      (sample: unknown, how: unknown = "turns", options?: unknown) =>
      () =>
        augment(sample as never, how as never, options as never);
    expect(call(null)).toThrow("augment(sample, how, options): sample is null, expected { picture, labels }");
    expect(call({ labels })).toThrow("picture is undefined, expected an ImageData or { data, width, height, channels }");
    expect(call({ picture: { ...picture, data: new Float32Array(36) }, labels })).toThrow(
      /picture.data is a Float32Array of 36, expected a Uint8Array/,
    );
    expect(call({ picture: { ...picture, width: 0 }, labels })).toThrow("picture.width is 0, expected a finite number of at least 1");
    expect(call({ picture: { ...picture, height: undefined }, labels })).toThrow(
      "picture.height is undefined, expected a number of pixels",
    );
    expect(call({ picture: { ...picture, channels: 4 }, labels })).toThrow(
      "picture.data has 36 values, expected 4 x 3 pixels of 4 values, 48 in all",
    );
    expect(call({ picture: { ...picture, channels: undefined, data: new Uint8Array(60) }, labels })).toThrow(
      "picture.data has 60 values, expected 4 x 3 pixels of 1 to 4 values",
    );
    expect(call({ picture: { ...picture, white: 256 }, labels })).toThrow("picture.white is 256, expected a finite number from 1 to 255");
    expect(call({ picture, labels: labels.slice(1) })).toThrow("labels has 11 entries, expected 12, one for each of the 4 x 3 pixels");
    expect(call({ picture, labels: new Array(12).fill(-1) })).toThrow(
      "labels[0] is -1, expected a class from 0 to 254, or 255 for an ignored pixel",
    );
    expect(call({ picture, labels }, "all")).toThrow('how is "all", expected "none" or "turns" or "full"');
    expect(call({ picture, labels }, undefined, { sead: 1 })).toThrow('has no option "sead"');
  });
});
