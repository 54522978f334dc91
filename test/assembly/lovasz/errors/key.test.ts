import { describe, expect, test } from "vitest";
import { marginKinds } from "../../../helpers/margins.js";
import { uniforms } from "../../../helpers/random.js";
import { stages } from "../../../helpers/stages.js";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const many = marginKinds["of many sizes"](400);

// of a value and its label: the error, and how far the key may be from it, absolutely and relatively
const kinds = {
  SIGMOID: { values: marginKinds.normal(400).map((x) => 5 * x), error: (x: number, label: number) => sigmoid(label ? -x : x), limit: 1e-6 },
  UNIT: { values: uniforms(400, 0, 1, 3), error: (x: number, label: number) => (label ? 1 - x : x), limit: 1e-7 },
  RAW: { values: many.map(Math.abs), error: (x: number) => x, limit: 0 },
} as const;

describe.each(Object.entries(kinds))("keys of %s", (name, { values, error, limit }) => {
  const kind = stages[name as keyof typeof kinds].value;

  test("give the error back", () => {
    for (const label of [0, 1]) {
      for (const value of values) {
        const key = stages.keyOf(kind, value, label) >>> 0;
        const expected = error(value, label);
        expect(Math.abs(stages.errorOf(kind, key) - expected)).toBeLessThanOrEqual(limit * expected + (limit && 3e-10));
      }
    }
  });

  test("ascend as errors fall, for positives and negatives alike, and are never NONE", () => {
    const all = [...values].flatMap((value) => [0, 1].map((label) => [error(value, label), stages.keyOf(kind, value, label) >>> 0]));
    all.sort(([a], [b]) => b - a);
    // errors that float64 cannot tell apart may have any order
    for (let i = 1; i < all.length; i++)
      if (all[i][0] < all[i - 1][0] * (1 - 1e-12)) expect(all[i][1]).toBeGreaterThanOrEqual(all[i - 1][1]);
    expect(all.every(([, key]) => key !== stages.NONE.value >>> 0)).toBe(true);
  });
});

test("derivativeOf is that of the sigmoid, and 1 of all others", () => {
  for (const x of [-20, -3, -0.5, 0, 0.5, 3, 20]) {
    const key = stages.keyOf(stages.SIGMOID.value, x, 1);
    expect(stages.derivativeOf(stages.SIGMOID.value, key)).toBeCloseTo(sigmoid(x) * (1 - sigmoid(x)), 6);
  }
  expect(stages.derivativeOf(stages.RAW.value, 12345)).toBe(1);
});

test("codes of probabilities mirror at 1/2", () => {
  expect(stages.inputCode(0.5) >>> 0).toBe(stages.HALF_CODE.value >>> 0);
  for (const p of [0, 2 ** -30, 0.125, 0.3, 0.5, 0.75, 1]) {
    const code = stages.inputCode(p) >>> 0;
    expect(Math.abs(stages.probabilityOf(code) - Math.fround(p))).toBeLessThanOrEqual(2e-8 * p + 1e-17);
    expect(stages.probabilityOf((stages.CODES.value >>> 0) - code)).toBeCloseTo(1 - p, 7);
  }
});
