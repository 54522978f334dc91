import { describe, expect, test } from "vitest";
import { dice, jaccard, jaccardMetric, lovaszMultilabel, tidy, tversky } from "../../src/index.js";

describe("losses of data without pixels or classes", () => {
  test.each([[[0, 3, 4]], [[2, 0, 4]], [[0, 3]]])("are 0, not NaN, at shape %j", (shape) => {
    for (const perImage of [true, false]) {
      for (const reduction of ["mean", "none"] as const) {
        const options = { shape, perImage, reduction };
        for (const loss of [dice, jaccard, jaccardMetric, tversky]) {
          const values = tidy(() => [...loss(new Float32Array(0), [], { ...options, mode: "multilabel" }).data]);
          expect(values.every((value) => value === 0)).toBe(true);
        }
        const values = tidy(() => [...lovaszMultilabel(new Float32Array(0), [], options).data]);
        expect(values.every((value) => value === 0)).toBe(true);
      }
    }
  });
});
