// What groupNorm and batchNorm have in common to test: every shape against the oracle, forward and backward, and numbers hard to sum.
import { expect } from "vitest";
import { memory, type Tensor, tensor } from "../../src/index.js";
import { type Nd, sizeOf } from "../oracle/nd.js";
import { type NormArguments, type Normed, normReference } from "../oracle/norm.js";
import { expectClose, type Tolerance } from "./closeTo.js";
import { normals } from "./random.js";

/** Planes of 0 to 9 values and of many, of any rank; one image and several. */
export const normShapes: readonly number[][] = [
  ...Array.from({ length: 10 }, (_, n) => [2, 6, n]),
  ...[
    [3, 6],
    [5, 2],
    [2, 6, 5, 7],
    [1, 4, 1, 3],
    [2, 4, 2, 3, 2],
    [1, 2, 33, 65],
    [4, 2, 1000],
    [0, 4, 3],
    [2, 0, 3],
    [2, 4, 0, 5],
  ],
];

const close = { absolute: 3e-6, relative: 3e-6 };

type Norm = (x: Tensor, weight: Tensor | null, bias: Tensor | null) => Tensor;

/** Holds `norm` of an `x` of that shape, with and without weight and bias, to the oracle. Returns what the oracle said last. */
export function expectNorm(shape: number[], norm: Norm, groupOf: (index: readonly number[]) => string, rest: Partial<NormArguments> = {}) {
  const x = { shape, values: Float64Array.from(normals(sizeOf(shape), 1), (one) => Math.fround(2 * one + 0.5)) };
  let said: Normed | undefined;
  for (const [hasWeight, hasBias] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ]) {
    const [weight, bias] = [hasWeight ? normals(shape[1], 2) : null, hasBias ? normals(shape[1], 3) : null];
    said = expectValues(x, { weight, bias, upstream: normals(x.values.length, 4), ...rest }, norm, groupOf, close);
  }
  return said as Normed;
}

/** Holds `norm` of `x` to the oracle, output and gradients. */
export function expectValues(
  x: Nd,
  norm: NormArguments,
  operator: Norm,
  groupOf: (index: readonly number[]) => string,
  tolerance: Tolerance,
): Normed {
  const before = memory();
  const said = normReference(x, groupOf, norm);
  const leaf = (values: ArrayLike<number> | null) => values && tensor(Float32Array.from(values), [values.length], { requiresGrad: true });
  const [made, weight, bias] = [tensor(x.values, x.shape, { requiresGrad: true }), leaf(norm.weight), leaf(norm.bias)];
  const out = operator(made, weight, bias);
  expect(out.shape).toEqual(x.shape);
  expectClose(out.data, said.out, tolerance, "output");
  const upstream = tensor(Float32Array.from(norm.upstream), x.shape);
  out.backward(upstream);
  expectClose(made.grad?.data ?? [], said.inputGrad, tolerance, "gradient of x");
  // sums of many terms
  const scale = { absolute: 1e-5 * Math.sqrt(1 + x.values.length), relative: 1e-5 };
  if (weight) expectClose(weight.grad?.data ?? [], said.weightGrad, scale, "gradient of weight");
  if (bias) expectClose(bias.grad?.data ?? [], said.biasGrad, scale, "gradient of bias");
  for (const one of [made, weight, bias, out, upstream]) one?.dispose();
  expect(memory()).toEqual(before);
  return said;
}
