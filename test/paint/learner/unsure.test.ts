import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { doubtsOf, meanDoubt, unsureRegions } from "../../../src/paint/learner/unsure.js";

describe("doubtsOf", () => {
  test("is 255 where all classes are equally likely, and 0 where one has all probability", () => {
    expect([...doubtsOf(Float32Array.of(0, 40, -40), 3)]).toEqual([255, 0, 0]);
    expect([...doubtsOf(Float32Array.of(1, 50, 1, 0, 1, -50), 2)]).toEqual([255, 0]);
  });

  test("is one minus the largest probability, scaled", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2, maxLength: 5 }), (logits) => {
        const exps = logits.map(Math.exp);
        const largest = Math.max(...exps) / exps.reduce((a, b) => a + b);
        const doubt = (1 - largest) / (1 - 1 / logits.length);
        expect(Math.abs(doubtsOf(Float32Array.from(logits), 1)[0] - 255 * doubt)).toBeLessThan(0.51);
      }),
    );
  });

  test("is the same of one logit and of its two classes", () => {
    const logits = [-3, -0.5, 0, 1.25, 6];
    const two = Float32Array.from([...logits.map(() => 0), ...logits]);
    expect(doubtsOf(Float32Array.from(logits), 5)).toEqual(doubtsOf(two, 5));
  });
});

describe("unsureRegions", () => {
  test("is where the mean of the neighbourhood is above the limit", () => {
    const doubts = fc.integer({ min: 1, max: 9 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        values: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: width, maxLength: 8 * width }),
        radius: fc.integer({ min: 0, max: 3 }),
        limit: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(doubts, ({ width, values, radius, limit }) => {
        const height = Math.floor(values.length / width);
        const own = Uint8Array.from(values.slice(0, width * height));
        const unsure = unsureRegions(own, width, radius, limit);
        own.forEach((_, i) => {
          const [x, y] = [i % width, Math.floor(i / width)];
          const around = own.filter((_, k) => Math.abs((k % width) - x) <= radius && Math.abs(Math.floor(k / width) - y) <= radius);
          const mean = around.reduce((a, b) => a + b, 0) / around.length;
          if (Math.abs(mean - 255 * limit) > 1e-6) expect(unsure[i]).toBe(mean > 255 * limit ? 1 : 0);
        });
      }),
    );
  });

  test("leaves out the thin line along a boundary", () => {
    const doubts = new Uint8Array(64 * 64);
    for (let y = 0; y < 64; y++) doubts.fill(180, 64 * y + 31, 64 * y + 34);
    expect(unsureRegions(doubts, 64).some(Boolean)).toBe(false);
  });
});

test("meanDoubt is from 0 to 1", () => {
  expect(meanDoubt(Uint8Array.of(0, 255))).toBe(0.5);
});
