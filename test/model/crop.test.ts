import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crop } from "../../src/model/crop.js";
import { noiseSample } from "./helpers/samples.js";

/** A picture whose red and green say where a pixel lies, with the labels given by position. */
function positions(width: number, height: number, labelled: Record<number, number> = {}) {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % width, Math.floor(pixel / width), 0][i % 3];
  });
  const labels = new Uint8Array(width * height);
  for (const [at, label] of Object.entries(labelled)) labels[Number(at)] = label;
  return { picture: { data, width, height, channels: 3 }, labels };
}

describe("crop", () => {
  test("takes a box of the picture and its labels, the same of both", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), (seed, extent, foreground) => {
        const sample = noiseSample(13, 9, { classes: 4 });
        const { picture, labels } = crop(sample, { extent, foreground, seed });
        const [width, height] = [Math.min(13, extent), Math.min(9, extent)];
        expect([picture.width, picture.height, labels.length]).toEqual([width, height, width * height]);
        const { data } = crop({ ...positions(13, 9), labels: sample.labels }, { extent, foreground, seed }).picture;
        for (let i = 0; i < labels.length; i++) {
          const at = 13 * data[3 * i + 1] + data[3 * i];
          expect(labels[i]).toBe(sample.labels[at]);
          expect(picture.data[3 * i]).toBe(sample.picture.data[3 * at]);
        }
      }),
    );
  });

  test("without foreground-awareness every position is as likely", () => {
    const counts = new Array<number>(4).fill(0);
    for (let seed = 0; seed < 4000; seed++) {
      const { data } = crop(positions(3, 3), { extent: 2, seed }).picture;
      counts[data[0] + 2 * data[1]]++;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75));
  });

  test("foreground is in at least the share of crops that is asked for", () => {
    // one pixel in a corner, which 1 of 97^2 uniform crops holds
    const sample = positions(100, 100, { 9999: 1 });
    for (const foreground of [0, 1 / 3, 1]) {
      let held = 0;
      for (let seed = 0; seed < 900; seed++) if (crop(sample, { extent: 4, foreground, seed }).labels.includes(1)) held++;
      expect(Math.abs(held - 900 * foreground)).toBeLessThanOrEqual(
        4 * Math.sqrt(900 * foreground * (1 - foreground)) + 2 * Number(foreground < 1),
      );
    }
  });

  test("is centred on the foreground, as far as the borders allow", () => {
    const corner = (x: number, y: number) => [
      ...crop(positions(9, 8, { [9 * y + x]: 1 }), { extent: 4, foreground: 1 }).picture.data.slice(0, 2),
    ];
    expect(corner(4, 5)).toEqual([2, 3]);
    expect(corner(0, 1)).toEqual([0, 0]);
    expect(corner(8, 7)).toEqual([5, 4]);
  });

  test("rare classes are the centre as often as frequent ones, ignored pixels never", () => {
    const { picture } = positions(40, 40);
    const labels = new Uint8Array(1600).fill(2, 0, 800).fill(255, 800);
    labels[20 * 40 + 20] = 7;
    let rare = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const cropped = crop({ picture, labels }, { extent: 1, foreground: 1, seed });
      expect([2, 7]).toContain(cropped.labels[0]);
      if (cropped.labels[0] === 7) rare++;
    }
    expect(Math.abs(rare - 500)).toBeLessThan(4 * Math.sqrt(250));
  });

  test("labels without foreground are cropped anywhere", () => {
    const places = new Set<string>();
    for (let seed = 0; seed < 200; seed++)
      places.add(
        crop(positions(4, 4, { 3: 255 }), { extent: 3, foreground: 1, seed })
          .picture.data.slice(0, 2)
          .join(),
      );
    expect(places).toEqual(new Set(["0,0", "1,0", "0,1", "1,1"]));
  });

  test("refuses an extent and a share that are none", () => {
    expect(() => crop(positions(4, 4), { extent: 0 })).toThrow(
      "crop(sample, options): extent is 0, expected a finite number of at least 1",
    );
    expect(() => crop(positions(4, 4), { foreground: 1.5 })).toThrow("foreground is 1.5, expected a finite number from 0 to 1");
    expect(() => crop(positions(4, 4), { size: 3 } as never)).toThrow('has no option "size"');
  });
});
