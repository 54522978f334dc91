import "@tensorflow/tfjs-backend-wasm";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { checkLoss, type LossUnderTest } from "../../src/fuzz/index.js";
import type { Kind } from "./plain.js";
import { jaxJs, tensorflow } from "./trainers.js";

const KINDS: readonly Kind[] = ["hinge", "softmax", "sigmoid"];

async function keepsEveryLaw(loss: LossUnderTest, kind: Kind, runs: number): Promise<void> {
  const { laws } = await checkLoss(loss, { kind, runs, seed: 7, maxPixels: 60 });
  expect(laws.filter(({ ok }) => !ok)).toEqual([]);
}

// npm run fuzz -- --right goes further
describe.each(["cpu", "wasm"])("a loss in operators of TensorFlow.js keeps every law, on its backend %s", (backend) => {
  test.each(KINDS)("of kind %s", { timeout: 60_000 }, async (kind) => {
    expect(await tf.setBackend(backend)).toBe(true);
    await keepsEveryLaw(tensorflow(kind), kind, 10);
  });
});

test.each(KINDS)("a loss in operators of jax-js keeps every law: %s", { timeout: 60_000 }, async (kind) => {
  await jax.init("wasm", "cpu");
  jax.defaultDevice("wasm");
  // each run takes ten times as long
  await keepsEveryLaw(jaxJs(kind), kind, 4);
});
