import { expect, test } from "vitest";
import { assertLoss, LossBroken } from "../../src/fuzz/index.js";
import { plain } from "./plain.js";

test("assertLoss(loss, options) resolves for a right loss", async () => {
  await expect(assertLoss(plain("sigmoid"), { kind: "sigmoid", runs: 20 })).resolves.toBeUndefined();
});

test("assertLoss(loss, options) throws with the law, what came, and the case as code", async () => {
  const loss = plain("hinge", () => ({ relu: (error) => error }));
  const error = await assertLoss(loss, { kind: "hinge", seed: 8, runs: 50, maxPixels: 40 }).catch((cause) => cause);
  expect(error).toBeInstanceOf(LossBroken);
  expect(error.message).toMatch(/^the loss breaks \d+ of 14 laws of kind "hinge" \(seed 8\)/);
  expect(error.message).toMatch(/isFlatBeyondMargin: value is -\d/);
  expect(error.message).toContain('await laws.isFlatBeyondMargin(loss, {\n  kind: "hinge",\n  values: Float32Array.of(');
});
