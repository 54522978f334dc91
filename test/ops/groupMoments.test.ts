import { describe, expect, test } from "vitest";
import { groupNorm, randn } from "../../src/index.js";
import { recordMoments, withMoments } from "../../src/ops/groupMoments.js";

const [one, other] = [randn([1, 4, 5, 5], { seed: 1 }), randn([1, 4, 3, 7], { seed: 2 }).mul(3)];

describe("withMoments", () => {
  test("normalises by the moments that were recorded, call by call", () => {
    const recorded = recordMoments(() => {
      groupNorm(one, 2);
      groupNorm(other, 4);
    });
    expect(recorded.map(({ mean }) => mean.length)).toEqual([2, 4]);
    const [first, second] = withMoments(recorded, () => [groupNorm(other, 2), groupNorm(other, 4)]);
    const { mean, variance } = recorded[0];
    for (const [i, value] of first.data.entries()) {
      const group = i < 42 ? 0 : 1;
      expect(value).toBeCloseTo((other.data[i] - mean[group]) / Math.sqrt(variance[group] + 1e-5), 5);
    }
    expect(second.toArray()).toEqual(groupNorm(other, 4).toArray());
  });

  test("leaves calls alone that were not recorded, and those outside, also after an error", () => {
    const plain = groupNorm(other, 2).toArray();
    const recorded = recordMoments(() => { groupNorm(one, 4); }); // biome-ignore format: one line
    expect(withMoments(recorded, () => [groupNorm(other, 2), groupNorm(other, 2)]).map((out) => out.toArray())).toEqual([plain, plain]);
    const fails = () => {
      throw new Error("no");
    };
    const same = recordMoments(() => { groupNorm(one, 2); }); // biome-ignore format: one line
    expect(() => withMoments(same, fails)).toThrow("no");
    expect(groupNorm(other, 2).toArray()).toEqual(plain);
  });

  test("leaves no record of its own", () => {
    const recorded = recordMoments(() => { groupNorm(one, 2); }); // biome-ignore format: one line
    const before = structuredClone(recorded);
    withMoments(recorded, () => groupNorm(other, 2));
    expect(recorded).toEqual(before);
  });
});
