import { expect, test } from "vitest";
import { type RegionSums, regionScore } from "../../src/losses/regionScore.js";
import { expectClose } from "../helpers/closeTo.js";

const SETTINGS = { alpha: 0.3, beta: 0.7, smooth: 0, eps: 1e-7, logLoss: false };

test("regionScore is 1 - score or its logarithm, with the derivatives of finite differences", () => {
  for (const logLoss of [false, true]) {
    for (const smooth of [0, 1]) {
      const settings = { ...SETTINGS, logLoss, smooth };
      const sums: RegionSums = [2, 0.5, 1.5];
      const { loss, derivatives } = regionScore(sums, settings);
      const score = (2 + smooth) / (2 + 0.3 * 0.5 + 0.7 * 1.5 + smooth);
      expectClose([loss], [logLoss ? -Math.log(score) : 1 - score]);
      const differences = sums.map((_, k) => {
        const at = (step: number) =>
          regionScore(sums.map((sum, i) => (i === k ? sum + step : sum)) as unknown as RegionSums, settings).loss;
        return (at(1e-5) - at(-1e-5)) / 2e-5;
      });
      expectClose(derivatives, differences);
    }
  }
});

test("regionScore divides by no less than eps, and takes the logarithm of no less", () => {
  expect(regionScore([1e-9, 0, 1], { ...SETTINGS, beta: 0, eps: 1e-6 })).toEqual({ loss: (1e-6 - 1e-9) / 1e-6, derivatives: [-1e6, 0, 0] });
  expect(regionScore([1e-9, 0, 1], { ...SETTINGS, logLoss: true })).toEqual({ loss: -Math.log(1e-7), derivatives: [0, 0, 0] });
  const floored = regionScore([1e-9, 0, 1], { ...SETTINGS, beta: 0, eps: 1e-6, logLoss: true });
  expectClose([floored.loss, ...floored.derivatives], [-Math.log(1e-3), -1e9, 0, 0]);
});

test("regionScore of a class without a label is 0", () => {
  expect(regionScore([0, 3, 0], SETTINGS)).toEqual({ loss: 0, derivatives: [0, 0, 0] });
});

test("regionScore is finite for every setting that float32 holds", () => {
  const extremes = [0, 1e-320, 1e-46, 1, 1e30, 3.4e38];
  for (const alpha of extremes) {
    for (const smooth of extremes) {
      for (const logLoss of [false, true]) {
        const { loss, derivatives } = regionScore([1e-45, 1e9, 3], { alpha, beta: 3.4e38, smooth, eps: 2 ** -126, logLoss });
        expect([loss, ...derivatives].every(Number.isFinite)).toBe(true);
      }
    }
  }
});
