// The examples run, shortened, and their models learn; how fast is for the examples themselves to say.
import { describe, expect, test } from "vitest";
import { run as jax } from "../../examples/jax.mjs";
import { run as jsPytorch } from "../../examples/js-pytorch.mjs";
import { run as tfjs } from "../../examples/tfjs.mjs";

// guessing "all water" has an IoU of 0.22
const LEARNT = 0.6;

function expectLearnt({ ious, speeds }: { ious: Record<string, number>; speeds: Record<string, number> }): void {
  expect(Object.keys(ious)).toHaveLength(3);
  for (const [loss, iou] of Object.entries(ious)) expect(iou, loss).toBeGreaterThan(LEARNT);
  expect(Object.keys(speeds)).toHaveLength(2);
  for (const speed of Object.values(speeds)) expect(speed).toBeGreaterThan(0);
}

describe("the example", { timeout: 300_000 }, () => {
  test("of TensorFlow.js learns to find water under each loss", async () => {
    expectLearnt(await tfjs({ epochs: 3, rounds: 1 }));
  });

  test("of jax-js learns to find water under each loss", async () => {
    expectLearnt(await jax({ steps: 40, every: 16, rounds: 1 }));
  });

  test("of js-pytorch learns to find water under each loss", async () => {
    expectLearnt(await jsPytorch({ steps: 40, every: 400, rounds: 1 }));
  });
});
