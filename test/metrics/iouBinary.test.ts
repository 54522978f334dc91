import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { iouBinary, tensor } from "../../src/index.js";
import { expectError } from "../helpers/errors.js";

describe("iouBinary(predictions, labels, options)", () => {
  test("is the size of the intersection over that of the union", () => {
    const bits = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.constantFrom(0, 1, 255)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(bits, (pixels) => {
        const kept = pixels.filter(([, label]) => label !== 255);
        const union = kept.filter(([p, label]) => p === 1 || label === 1).length;
        const intersection = kept.filter(([p, label]) => p === 1 && label === 1).length;
        const [predictions, labels] = [pixels.map(([p]) => p), Uint8Array.from(pixels, ([, label]) => label)];
        expect(iouBinary(predictions, labels, { ignore: 255 })).toBe(union === 0 ? 1 : intersection / union);
      }),
    );
  });

  test("takes what `empty` says where nothing is predicted or true", () => {
    expect(iouBinary([0, 0], [0, 0])).toBe(1);
    expect(iouBinary([0, 0], [0, 0], { empty: 0 })).toBe(0);
    expect(iouBinary([], [])).toBe(1);
  });

  test("means over images with { perImage: true }", () => {
    const [predictions, labels] = [
      [1, 0, 1, 1],
      [1, 1, 0, 0],
    ];
    expect(iouBinary(predictions, labels, { shape: [2, 2], perImage: true })).toBe((0.5 + 0) / 2);
    expect(iouBinary(predictions, labels, { shape: [2, 2] })).toBe(1 / 4);
    expect(iouBinary(tensor(predictions, [2, 2]), tensor(labels, [2, 2]), { perImage: true })).toBe(0.25);
  });

  test("refuses what is no class number, and maps of different length", () => {
    expectError(
      () => iouBinary([0.7, 0], [1, 0]),
      "label",
      /predictions\[0\] is 0.7, expected 0..1; predictions are class numbers, not logits/,
    );
    expectError(() => iouBinary([0, 0, 0], [0, 255, 1]), "label", /labels\[1\] is 255, expected 0..1; pass \{ ignore: 255 \}/);
    expectError(() => iouBinary([0], [0, 1]), "shape", /predictions has 1 entries and labels 2/);
    expectError(() => iouBinary([0], [0], { ignored: 1 } as never), "option", /no option "ignored"/);
    expectError(() => iouBinary([0], [0], { shape: [2] }), "shape", /shape is \[2\], but predictions has 1 entries/);
    expectError(() => iouBinary("01" as never, [0, 1]), "label", /predictions is "01"/);
  });
});
