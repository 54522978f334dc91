// Losses and gradients against numbers from PyTorch.
import { expect, test } from "vitest";
import * as lovasz from "../../src/index.js";
import { describeGolden, goldenCases } from "../helpers/golden.js";

type Loss = (input: lovasz.Tensor, labels: lovasz.Labels, options?: object) => lovasz.Tensor;

const close = (came: number, expected: number) => Math.abs(came - expected) <= 2e-6 + 2e-5 * Math.abs(expected);

function expectClose(came: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(came.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!close(came[i], expected[i])) expect.fail(`${what}[${i}] is ${came[i]}, expected ${expected[i]}`);
  }
}

const losses: Record<string, Loss> = {
  lovaszHinge: lovasz.lovaszHinge,
  binaryCrossEntropy: lovasz.binaryCrossEntropy,
  dice: lovasz.dice,
  jaccard: lovasz.jaccard,
  tversky: lovasz.tversky,
};

for (const [op, loss] of Object.entries(losses)) {
  describeGolden(`${op} agrees with PyTorch`, () => {
    test.each(goldenCases(op).map((one) => [one.name, one] as const))("%s", (_, { values, labels, shape, options, loss: expected, grad }) => {
      const { value, grad: came } = lovasz.valueAndGrad(loss)(Float32Array.from(values), labels, { ...options, shape });
      expectClose([value], [expected], "loss");
      if (grad) expectClose(came, grad, "grad");
    });
  });
}

describeGolden("lovaszGrad agrees with PyTorch", () => {
  test.each(goldenCases("lovaszGrad").map((one) => [one.name, one] as const))("%s", (_, { labels, weights }) => {
    expectClose(lovasz.lovaszGrad(labels), weights as number[], "weights");
  });
});
