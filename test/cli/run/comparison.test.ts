import { describe, expect, test } from "vitest";
import { comparable, comparisons, winner } from "../../../src/cli/run/comparison.js";
import { outcomesOf, training } from "../helpers/runs.js";

const of = (loss: string, ious: Record<number, number>) =>
  Object.entries(ious).map(([seed, iou]) => training(loss, { seed: Number(seed), iou, meanImageIoU: 1 - iou }));

describe("comparisons(outcomes, measure)", () => {
  test("pairs the winner with each other loss, seed by seed", () => {
    const outcomes = outcomesOf([...of("a", { 1: 0.5, 2: 0.7 }), ...of("b", { 1: 0.6, 2: 0.9 }), ...of("c", { 1: 0.7, 2: 0.6 })]);
    expect(winner(outcomes).loss).toBe("b");
    const [ab, cb] = comparisons(outcomes, "iou");
    expect(ab).toMatchObject({ loss: "b", rival: "a", seeds: 2, verdict: "not distinguishable" });
    expect([ab.mean, ab.low, ab.high].map((one) => one.toFixed(4))).toEqual(["0.1500", "0.1000", "0.2000"]);
    expect(cb).toMatchObject({ rival: "c", verdict: "not distinguishable" });
    // the winner is always that of the IoU
    expect(comparisons(outcomes, "meanImageIoU")[0]).toMatchObject({ loss: "b", rival: "a", low: expect.closeTo(-0.2, 9) });
  });

  test("says better or worse from five seeds on", () => {
    const ious = (add: number) => Object.fromEntries([0.1, 0.2, 0.3, 0.4, 0.5].map((iou, seed) => [seed, iou + add + seed / 100]));
    const outcomes = outcomesOf([...of("a", ious(0)), ...of("b", ious(0.1)), ...of("c", { ...ious(0.1), 4: 0.2 })]);
    expect(comparisons(outcomes, "iou").map(({ verdict }) => verdict)).toEqual(["better", "not distinguishable"]);
    expect(comparisons(outcomes, "meanImageIoU").map(({ verdict }) => verdict)).toEqual(["worse", "not distinguishable"]);
  });

  test("compares only seeds that both have, and says nothing of one", () => {
    const outcomes = outcomesOf([...of("a", { 1: 0.5, 3: 0.1 }), ...of("b", { 1: 0.4, 2: 0.9 })]);
    expect(comparisons(outcomes, "iou")).toMatchObject([{ loss: "a", rival: "b", seeds: 1, verdict: null }]);
    expect(comparisons(outcomes, "iou")[0].mean).toBeCloseTo(0.1, 12);
    expect(winner(outcomes)).toBe(outcomes[0]);
  });

  test("leaves out what was interrupted; where nothing is left, the winner is that of all", () => {
    const cut = training("b", { seed: 1, iou: 0.9, interrupted: true });
    const outcomes = outcomesOf([...of("a", { 1: 0.5 }), cut]);
    expect(comparable(outcomes)).toEqual([]);
    expect(comparisons(outcomes, "iou")).toEqual([]);
    expect(winner(outcomes).loss).toBe("b");
  });

  test("the winner is the first of equals", () => {
    const outcomes = outcomesOf([...of("a", { 1: 0.5 }), ...of("b", { 1: 0.5 })]);
    expect(winner(outcomes)).toBe(outcomes[0]);
  });
});
