// Losses and gradients against numbers from PyTorch.
import { expect, test } from "vitest";
import * as lovasz from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { describeGolden, goldenCases, goldenOperators } from "../helpers/golden.js";

type Loss = (input: lovasz.Tensor, labels: lovasz.Labels, options?: object) => lovasz.Tensor;

const TOLERANCE = { absolute: 2e-6, relative: 2e-5 };

const losses: Record<string, Loss> = {
  lovaszHinge: lovasz.lovaszHinge,
  lovaszSigmoid: lovasz.lovaszSigmoid,
  lovaszSoftmax: lovasz.lovaszSoftmax,
  binaryCrossEntropy: lovasz.binaryCrossEntropy,
  crossEntropy: lovasz.crossEntropy,
  focal: lovasz.focal,
  dice: lovasz.dice,
  jaccard: lovasz.jaccard,
  tversky: lovasz.tversky,
};

for (const [op, loss] of Object.entries(losses)) {
  describeGolden(`${op} agrees with PyTorch`, () => {
    test.each(goldenCases(op).map((one) => [one.name, one] as const))(
      "%s",
      (_, { values, labels, shape, options, loss: expected, grad }) => {
        const { input, ...rest } = options;
        const settings = input === undefined ? rest : { ...rest, fromLogits: input === "logits" };
        const { value, grad: came } = lovasz.valueAndGrad(loss)(Float32Array.from(values), labels, { ...settings, shape });
        expectClose([value], [expected], TOLERANCE, "loss");
        if (grad) expectClose(came, grad, TOLERANCE, "grad");
      },
    );
  });
}

describeGolden("lovaszGrad agrees with PyTorch", () => {
  test.each(goldenCases("lovaszGrad").map((one) => [one.name, one] as const))("%s", (_, { labels, weights }) => {
    expectClose(lovasz.lovaszGrad(labels), weights as number[], TOLERANCE, "weights");
  });
});

describeGolden("multiLovaszHinge agrees with PyTorch", () => {
  test.each(goldenCases("multiLovaszHinge").map((one) => [one.name, one] as const))("%s", (_, { values, labels, shape, ...expected }) => {
    const { losses, grads } = lovasz.multiLovaszHinge(Float32Array.from(values), labels, { shape });
    expectClose(losses, expected.classLosses as number[], TOLERANCE, "losses");
    const columns = (expected.classGrads as number[][]).map((_, c) => grads.filter((_, i) => i % shape[1] === c));
    for (const [c, column] of columns.entries()) expectClose(column, (expected.classGrads as number[][])[c], TOLERANCE, `gradient ${c}`);
  });
});

describeGolden("the cases of PyTorch", () => {
  test("are all run, here or in ../golden.ops.test.ts", () => {
    expect(goldenOperators()).toEqual(new Set([...Object.keys(losses), "lovaszGrad", "multiLovaszHinge", "tensor"]));
  });
});
