import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diceBinary, iouBinary } from "../../src/index.js";
import { expectError } from "../helpers/errors.js";

const maps = fc.array(fc.tuple(fc.nat(1), fc.constantFrom(0, 1, 255)), { minLength: 1, maxLength: 40 });

describe("diceBinary(predictions, labels, options)", () => {
  test("is 2 IoU / (1 + IoU)", () => {
    fc.assert(
      fc.property(maps, (pixels) => {
        const [predictions, labels] = [pixels.map(([p]) => p), pixels.map(([, label]) => label)];
        const one = iouBinary(predictions, labels, { ignore: 255 });
        expect(diceBinary(predictions, labels, { ignore: 255 })).toBeCloseTo((2 * one) / (1 + one), 12);
      }),
    );
  });

  test("takes what `empty` says where nothing is predicted or true, and means over images", () => {
    expect(diceBinary([0], [0], { empty: 0 })).toBe(0);
    expect(
      diceBinary(
        [
          [1, 1],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 0],
        ],
        { perImage: true },
      ),
    ).toBeCloseTo((2 / 3 + 1) / 2, 12);
    expectError(() => diceBinary([2], [0]), "label", /predictions\[0\] is 2, expected 0..1/);
  });
});
