import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { iou, iouBinary } from "../../src/index.js";
import { expectError } from "../helpers/errors.js";

const maps = fc.array(fc.tuple(fc.nat(2), fc.constantFrom(0, 1, 2, 255)), { minLength: 1, maxLength: 40 });

describe("iou(predictions, labels, classes, options)", () => {
  test("is intersection over union of each class, `empty` where it does not occur", () => {
    fc.assert(
      fc.property(maps, (pixels) => {
        const kept = pixels.filter(([, label]) => label !== 255);
        const expected = [0, 1, 2].map((c) => {
          const union = kept.filter(([p, label]) => p === c || label === c).length;
          return union === 0 ? 0.5 : kept.filter(([p, label]) => p === c && label === c).length / union;
        });
        const [predictions, labels] = [pixels.map(([p]) => p), pixels.map(([, label]) => label)];
        expect(iou(predictions, labels, 3, { ignore: 255, empty: 0.5 })).toEqual(expected);
      }),
    );
  });

  test("means over images with { perImage: true }, and gives the foreground of iouBinary", () => {
    const [predictions, labels] = [
      [
        [1, 0],
        [1, 1],
      ],
      [
        [1, 1],
        [0, 0],
      ],
    ];
    expect(iou(predictions, labels, 2, { perImage: true })).toEqual([0, 0.25]);
    expect(iou(predictions, labels, 2, { perImage: true })[1]).toBe(iouBinary(predictions, labels, { perImage: true }));
  });

  test("refuses what is no class", () => {
    expectError(() => iou([3], [0], 3), "label", /predictions\[0\] is 3, expected 0..2/);
    for (const wrong of [undefined, 0, 1.5, 5000, "3"]) expectError(() => iou([0], [0], wrong as number), "option", /classes is/);
    expectError(() => iou([0], [0], 2, { shape: [1e9, 1e9] }), "shape", /but predictions has 1 entries/);
  });

  test("refuses a list of images of which one is no list", () => {
    for (const wrong of [null, undefined, 5, "1"]) {
      const images = [[0], wrong] as unknown as number[][];
      expectError(() => iou(images, [[0], [1]], 2), "label", /predictions\[1\] is .*expected an array of class numbers/);
      expectError(() => iou([[0], [1]], images, 2), "label", /labels\[1\] is /);
    }
  });
});
