import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lovaszGrad } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { jaccardSet } from "../oracle/extension.js";

const labelLists = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 200 });

describe("lovaszGrad(sortedLabels)", () => {
  test("is the step of the Jaccard loss from each prefix to the next", () => {
    fc.assert(
      fc.property(labelLists, (labels) => {
        const positives = labels.filter(Boolean).length;
        const loss = (k: number) => {
          const fn = labels.slice(0, k).filter(Boolean).length;
          return jaccardSet(k - fn, fn, positives);
        };
        expectClose(
          lovaszGrad(labels),
          labels.map((_, k) => loss(k + 1) - loss(k)),
          { absolute: 1e-14, relative: 1e-6 },
        );
      }),
    );
  });

  test("is at least 0 and sums to 1", () => {
    fc.assert(
      fc.property(labelLists, (labels) => {
        const weights = lovaszGrad(Uint8Array.from(labels));
        expect(weights.every((weight) => weight >= 0)).toBe(true);
        expectClose([weights.reduce((a, b) => a + b, 0)], [1]);
      }),
    );
  });

  test("keeps its smallest weights at 4 million ranks, where differences of float32 quotients vanish", () => {
    const n = 2 ** 22;
    const labels = new Uint8Array(n).fill(1, n - 3);
    const weights = lovaszGrad(labels);
    const at = n - 4;
    expectClose([weights[at]], [3 / ((3 + at) * (3 + at + 1))], { absolute: 0, relative: 1e-6 });
    expect(weights.every((weight) => weight > 0)).toBe(true);
  });

  test("is empty for no labels, 1 and then 0 without positives", () => {
    expect(lovaszGrad([])).toEqual(new Float32Array(0));
    expect([...lovaszGrad([0, 0, 0])]).toEqual([1, 0, 0]);
  });

  test("refuses labels other than 0 and 1", () => {
    expectError(() => lovaszGrad([0, 2]), "label", /labels\[1\] is 2, expected 0 or 1/);
    expectError(() => lovaszGrad(undefined as never), "label", /labels is undefined/);
  });
});
