// Every operator is a function and a method of one name, and they do the same.
import { expect, test } from "vitest";
import * as lovasz from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { uniforms } from "../helpers/random.js";

const { Tensor, tensor } = lovasz;
const operators = { ...lovasz } as unknown as Record<string, (...all: unknown[]) => lovasz.Tensor | Int32Array>;
const shape = [1, 2, 4, 4];
const other = tensor(uniforms(32, 0.5, 2, 2), shape);
const weight = tensor(uniforms(4, 0.5, 2, 3), [1, 2, 1, 2]);

// the arguments after the tensor itself
const calls: Record<string, readonly unknown[]> = {
  ...{ add: [other], sub: [other], mul: [2], div: [other], neg: [], exp: [], log: [], sqrt: [], abs: [], relu: [], sigmoid: [], tanh: [] },
  ...{ pow: [2], softmax: [1], logSoftmax: [2], sum: [[0, 2]], mean: [1], max: [], matmul: [other], cumsum: [3], gather: [[0, 0]] },
  ...{ sort: [{ axis: 1, descending: true }], argsort: [{ axis: 2 }], reshape: [[8, 4]], transpose: [[3, 1, 0, 2]] },
  ...{ conv2d: [weight, null, { padding: 1 }], maxPool2d: [2], avgPool2d: [2], upsampleNearest: [3] },
  ...{ groupNorm: [2, null, null, { eps: 0.1 }], batchNorm: [null, null, { training: true }], dropout: [0.4, { seed: 2 }] },
  ...{ leakyRelu: [0.25], relu6: [], silu: [], gelu: [], hardswish: [] },
  ...{ leakyRelu: [0.25], relu6: [], silu: [], gelu: [], hardswish: [], globalAvgPool2d: [], pad: [[1, -1, 0, 2]] },
  ...{ upsampleBilinear: [3, { alignCorners: true }] },
};

test.each(Object.entries(calls))("%s", (name, rest) => {
  const a = tensor(uniforms(32, 0.5, 2, 1), shape);
  const [called, invoked] = [operators[name](a, ...rest), (a as unknown as typeof operators)[name](...rest)];
  const values = (one: lovasz.Tensor | Int32Array) => (one instanceof Tensor ? one.data : one);
  expectSame(values(invoked), values(called));
  for (const made of [a, called, invoked]) if (made instanceof Tensor) made.dispose();
});

test("concat, whose method puts its own tensor before the others", () => {
  const [a, b] = [tensor([1, 2]), tensor([3])];
  const outs = [a.concat([b, a], 0), lovasz.concat([a, b, a], 0)];
  for (const out of outs) expectSame(out.data, [1, 2, 3, 1, 2]);
  expectError(() => a.concat(b as unknown as lovasz.Tensor[], 0), "shape", /tensors is a value of type Tensor, expected an array/);
  for (const made of [a, b, ...outs]) made.dispose();
});

test("methods do not show when a tensor's properties are listed", () => {
  const a = tensor([1]);
  const listed: string[] = [];
  for (const name in a) listed.push(name);
  expect(listed.filter((name) => name in calls)).toEqual([]);
  a.dispose();
});
