import { expect, test } from "vitest";
import { type LossCase, type LossUnderTest, laws } from "../../../src/fuzz/index.js";
import { plainScore } from "../plainScore.js";

const example: LossCase = {
  kind: "dice",
  values: Float32Array.of(0.5, -1, 2, 0.25),
  labels: Int32Array.of(1, 0, 1, 255),
  options: { shape: [1, 2, 2], ignore: 255 },
  salt: 3,
};

const scaled =
  (by: (i: number) => number): LossUnderTest =>
  async (...given) => {
    const { value, grad } = await plainScore("dice")(...given);
    return { value, grad: (grad as Float32Array).map((slope, i) => slope * by(i)) };
  };

test("hasDerivative accepts the derivative of the loss, whatever definition it follows", async () => {
  for (const power of [1, 2])
    await laws.hasDerivative(
      plainScore("dice", () => ({ power })),
      example,
    );
});

test("hasDerivative refuses a gradient that is 10 percent too large, of the wrong sign, or lacks a pixel", async () => {
  const message = /^the gradient along .* is \S+, but the loss changes by \S+ for a step of 1: the gradient is the derivative$/;
  for (const by of [() => 1.1, () => -1, (i: number) => Number(i !== 1)]) {
    await expect(laws.hasDerivative(scaled(by), example)).rejects.toThrow(message);
  }
});

test("hasDerivative says nothing where every pixel is ignored, and is no law of the Lovász losses", async () => {
  const ignored = { ...example, labels: example.labels.map(() => 255) };
  await laws.hasDerivative(() => Promise.reject(new Error("called")), ignored);
  await expect(
    laws.hasDerivative(
      scaled(() => 1),
      { ...example, kind: "hinge" },
    ),
  ).rejects.toThrow(/hasDerivative is no law of kind "hinge"/);
});
