import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairedInterval } from "../../../src/cli/run/bootstrap.js";
import { normal } from "../../../src/random.js";

const several = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 });

describe("pairedInterval(differences, options)", () => {
  test("has the quantiles of all draws with replacement, where these can be counted", () => {
    // two differences: means 0, 1/2, 1 in shares 1/4, 1/2, 1/4
    expect(pairedInterval([0, 1], { tail: 0.025 })).toEqual({ mean: 0.5, low: 0, high: 1 });
    expect(pairedInterval([0, 1], { tail: 0.3 })).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
    // of 27 draws of three differences, the share whose mean is at most 1/3 is 7/27
    expect(pairedInterval([0, 0, 3], { tail: 0.28 })).toMatchObject({ mean: 1, low: 0 });
    expect(pairedInterval([0, 0, 3], { tail: 0.32 })).toMatchObject({ mean: 1, low: 1 });
  });

  test("interpolates between sorted means", () => {
    // of two means, 2 or 4 apart, the quantiles at 1/4 and 3/4 lie half as far apart
    const of = (seed: number) => pairedInterval([0, 4], { draws: 2, seed, tail: 0.25 });
    const ends = Array.from({ length: 40 }, (_, seed) => of(seed)).filter(({ low, high }) => high > low);
    expect(ends.length).toBeGreaterThan(0);
    for (const { low, high } of ends) expect([1, 2]).toContain(high - low);
  });

  test.each([5, 8, 30])("holds the true mean of %i differences about as often as 95 % say", (count) => {
    const next = normal(7);
    let held = 0;
    for (let trial = 0; trial < 400; trial++) {
      const differences = Array.from({ length: count }, () => 2 + next());
      const { low, high } = pairedInterval(differences, { draws: 1000, seed: trial });
      if (low <= 2 && 2 <= high) held++;
    }
    // 0.95 of 400, within 3 standard deviations; not widened, it holds 0.83 for 5
    expect(held / 400).toBeGreaterThan(0.915);
    expect(held / 400).toBeLessThan(0.985);
  });

  test("goes from the least of up to four differences to the largest", () => {
    expect(pairedInterval([0.3, 0.1, 0.2, 0.4])).toMatchObject({ low: 0.1, high: 0.4 });
    const { low, high } = pairedInterval([0.3, 0.1, 0.2, 0.4, 0.5]);
    expect([low > 0.1, high < 0.5]).toEqual([true, true]);
  });

  test("is the same for the same seed, and turns round with the sign", () => {
    fc.assert(
      fc.property(several, fc.nat(), (differences, seed) => {
        const options = { draws: 100, seed };
        const { mean, low, high } = pairedInterval(differences, options);
        expect(pairedInterval(differences, options)).toEqual({ mean, low, high });
        const turned = pairedInterval(
          differences.map((one) => -one),
          options,
        );
        expect(turned.low).toBeCloseTo(-high, 12);
        expect(turned.high).toBeCloseTo(-low, 12);
        const [least, most] = [Math.min(...differences), Math.max(...differences)];
        expect(low).toBeGreaterThanOrEqual(least - 1e-12);
        expect(high).toBeLessThanOrEqual(most + 1e-12);
      }),
    );
  });

  test("is one number for one difference, or for equal ones", () => {
    expect(pairedInterval([0.25])).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
    expect(pairedInterval([0.5, 0.5, 0.5])).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  });
});
