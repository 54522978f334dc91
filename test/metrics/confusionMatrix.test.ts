import { describe, expect, test } from "vitest";
import { confusionMatrix, tensor } from "../../src/index.js";
import { expectError } from "../helpers/errors.js";

describe("confusionMatrix(predictions, labels, classes, options)", () => {
  test("counts the pixels of each class (row) by the class they are taken for (column)", () => {
    const [predictions, labels] = [
      [0, 1, 1, 2, 2, 0],
      [0, 1, 2, 2, 2, 255],
    ];
    const expected = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 2],
    ];
    expect(confusionMatrix(predictions, labels, 3, { ignore: 255 })).toEqual(expected);
    expect(confusionMatrix(tensor(predictions, [2, 3]), tensor(labels, [2, 3]), 3, { ignore: 255 })).toEqual(expected);
    expect(confusionMatrix([], [], 2)).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("refuses what is no class, and more classes than a matrix has room for", () => {
    expectError(() => confusionMatrix([0, 0, 0], [3, 0, 2], 3), "label", /labels\[0\] is 3, expected 0..2; pass \{ ignore: 3 \}/);
    for (const wrong of [undefined, 0, 2 ** 31]) expectError(() => confusionMatrix([0], [0], wrong as number), "option", /classes is/);
    expectError(() => confusionMatrix([0], [0], 2, { perImage: true } as never), "option", /no option "perImage"/);
  });

  test("reads each entry once, and takes what losses take for labels", () => {
    const predictions = [1, 0];
    let reads = 0;
    Object.defineProperty(predictions, 1, {
      get: () => {
        reads += 1;
        return reads > 1 ? 7 : 0;
      },
    });
    const expected = [
      [1, 0],
      [0, 1],
    ];
    expect(confusionMatrix(predictions, [1, 0], 2)).toEqual(expected);
    expect(confusionMatrix([[[1]], [[0]]], [BigInt64Array.of(1n), [false]], 2)).toEqual(expected);
    expect(confusionMatrix(tensor([], [0, 3]), [], 2)).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});
