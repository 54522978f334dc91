import fc from "fast-check";
import { expect, test } from "vitest";
import { jaccard, jaccardMetric, valueAndGrad } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { regionSuite } from "../helpers/regionSuite.js";

regionSuite("jaccardMetric", jaccardMetric, { alpha: 1, beta: 1, least: true });

const shares = fc
  .array(fc.integer({ min: 1, max: 63 }), { minLength: 1, maxLength: 20 })
  .map((all) => Float32Array.from(all, (k) => k / 64));

test("jaccardMetric is 0 where the prediction equals soft labels, and jaccard is not", () => {
  fc.assert(
    fc.property(shares, (labels) => {
      expect(jaccardMetric(labels, labels, { fromLogits: false }).item()).toBeCloseTo(0, 6);
      expect(jaccard(labels, labels, { fromLogits: false }).item()).toBeGreaterThan(0.01);
    }),
  );
});

test("jaccardMetric keeps the digits of a probability that is almost 0, where a label is 1", () => {
  const { value } = valueAndGrad(jaccardMetric)([-10, -10], [1, 1], { logLoss: true });
  expectClose([value], [Math.log(1 + Math.exp(10))], { relative: 1e-6 });
});

test("jaccardMetric has a gradient that leads from other predictions to the labels", () => {
  const labels = Float32Array.of(0.25, 0.75, 0.5);
  const { grad } = valueAndGrad(jaccardMetric)([0.5, 0.5, 0.75], labels, { fromLogits: false });
  expect([...grad].map(Math.sign)).toEqual([1, -1, 1]);
});

test("jaccardMetric is flat where the prediction equals the labels: between either side's slope", () => {
  const { grad } = valueAndGrad(jaccardMetric)([0.5, 0.25], Float32Array.of(0.5, 0.25), { fromLogits: false });
  expect([...grad]).toEqual([0, 0]);
});
