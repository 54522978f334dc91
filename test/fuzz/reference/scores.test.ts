import { describe, expect, test } from "vitest";
import type { CaseOptions, LossCase, Score } from "../../../src/fuzz/index.js";
import { scoreBounds } from "../../../src/fuzz/reference/scores.js";
import { expectClose } from "../../helpers/closeTo.js";

// logits of the probabilities 1/2, 3/4, 1/4 and 9/10
const values = Float32Array.from([1 / 2, 3 / 4, 1 / 4, 9 / 10], (p) => Math.log(p / (1 - p)));
const bounds = (kind: Score, labels: number[], options: Partial<CaseOptions> = {}) => {
  const example: LossCase = { kind, values, labels: Int32Array.from(labels), options: { shape: [2, 1, 2], ...options }, salt: 0 };
  return scoreBounds(example);
};
const LIMIT = { absolute: 1e-6, relative: 0 };

describe("scoreBounds(example)", () => {
  test("are those of the formulas by hand", () => {
    // I = 1/2 + 1/4, sum p = 2.4, sum p^2 = 1.685, 2 positives
    expectClose(bounds("dice", [1, 0, 1, 0]), [1 - 3.5 / (1.685 + 2 + 2), 1 - 1.5 / 4.4], LIMIT);
    expectClose(bounds("jaccard", [1, 0, 1, 0]), [1 - 1.75 / (1.685 + 2 - 0.75 + 1), 1 - 0.75 / 3.65], LIMIT);
    // 2.4 + 2 - 1.5 = 2.9 wrong
    expectClose(bounds("tversky", [1, 0, 1, 0]), [(0.145 / (0.75 + 0.145 + 1)) ** 3, (5.8 / (0.75 + 5.8)) ** (1 / 3)], LIMIT);
  });

  test("are 0 and 1 without positives, and the mean over images with perImage", () => {
    for (const kind of ["dice", "jaccard", "tversky"] as const) expect(bounds(kind, [0, 0, 0, 0])).toEqual([0, 1]);
    // the first image has no positive; of the second, I = 1/4 + 9/10
    const [least, most] = bounds("dice", [0, 0, 1, 1], { perImage: true });
    expectClose([least, most], [(1 - 4.3 / (0.8725 + 4)) / 2, (1 + 1 - 2.3 / 3.15) / 2], LIMIT);
  });

  test("leave out ignored pixels", () => {
    expectClose(bounds("dice", [1, 9, 9, 9], { ignore: 9 }), [1 - 3 / (0.25 + 1 + 2), 1 - 1 / 1.5], LIMIT);
    for (const kind of ["dice", "jaccard"] as const) expect(bounds(kind, [9, 9, 9, 9], { ignore: 9 })).toEqual([0, 1]);
  });
});
