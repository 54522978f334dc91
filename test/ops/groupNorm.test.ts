// Normalisation of groups of channels, of each image by itself.
import { describe, expect, test } from "vitest";
import { groupNorm, memory, noGrad, type Tensor, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { expectNorm, expectValues, normShapes } from "../helpers/normCases.js";
import { normals } from "../helpers/random.js";

const groupsOf = (shape: readonly number[], groups: number) => (index: readonly number[]) =>
  `${index[0]} ${Math.floor(index[1] / (shape[1] / groups))}`;

const perGroup = (shape: readonly number[], groups: number) => shape.slice(1).reduce((product, extent) => product * extent, 1) / groups;

const cases = normShapes.flatMap((shape) =>
  [1, 2, 3, 6].filter((groups) => shape[1] % groups === 0 && perGroup(shape, groups) !== 1).map((groups) => [shape, groups] as const),
);

describe("groupNorm", () => {
  test.each(cases)("of shape %j in %i groups", (shape, groups) => {
    expectNorm(shape, (x, weight, bias) => groupNorm(x, groups, weight, bias), groupsOf(shape, groups));
  });

  test("has the gradient of finite differences", () => {
    const inputs = [[2, 4, 3], [4], [4]].map((shape, i) => ({ shape, values: normals(i === 0 ? 24 : 4, i + 1) }));
    gradCheck((x, weight, bias) => groupNorm(x, 2, weight, bias), inputs, { step: 1 / 64 });
    gradCheck((x) => groupNorm(x, 1, null, null, { eps: 0.5 }), inputs.slice(0, 1));
  });

  test.each([
    [1000, 1],
    [-30_000, 1],
    [1e6, 3],
    [0, 1e-3],
    [1e-12, 1e-12],
    [0, 1e12],
  ])("is right to 1e-5 around a mean of %f with a deviation of %f", (mean, deviation) => {
    const shape = [2, 4, 9, 37];
    const values = Float64Array.from(normals(2664, 7), (one) => Math.fround(mean + deviation * one));
    const [weight, bias, upstream] = [normals(4, 2), normals(4, 3), normals(2664, 4)];
    const tolerance = { absolute: 1e-5 * Math.max(1, 1 / Math.max(deviation, 0.003)), relative: 1e-5 };
    const norm = (x: Tensor, w: Tensor | null, b: Tensor | null) => groupNorm(x, 2, w, b);
    expectValues({ shape, values }, { weight, bias, upstream }, norm, groupsOf(shape, 2), tolerance);
  });

  test("of equal values is the bias, whatever they are and without eps too", () => {
    for (const value of [0, 1000.1, -3e38, 1e-40]) {
      for (const eps of [undefined, 0, 1e-20]) {
        const [x, bias] = [tensor(new Float32Array(12).fill(value), [1, 2, 6], { requiresGrad: true }), tensor([3, -2])];
        const out = groupNorm(x, 1, null, bias, { eps });
        expectSame(out.data, [3, 3, 3, 3, 3, 3, -2, -2, -2, -2, -2, -2]);
        out.backward(new Float32Array(12).fill(1) as never);
        expect(x.grad?.data.every((slope) => Math.abs(slope) < 1e-3)).toBe(true);
        for (const made of [x, bias, out]) made.dispose();
      }
    }
  });

  test("of one value per group, in a batch of several images, is the bias, with no gradient but rounding", () => {
    const [x, weight, bias] = [tensor(normals(6), [2, 3], { requiresGrad: true }), tensor([1, 2, 3]), tensor([4, 5, 6])];
    const out = groupNorm(x, 3, weight, bias);
    expectSame(out.data, [4, 5, 6, 4, 5, 6]);
    out.backward(new Float32Array(6).fill(1) as never);
    expect(x.grad?.data.every((slope) => Math.abs(slope) < 1e-3)).toBe(true);
    for (const made of [x, weight, bias, out]) made.dispose();
  });

  test("is not disturbed by a value far from the rest that comes first", () => {
    const values = Float64Array.from(normals(400, 5), (one) => Math.fround(one));
    values[0] = 1e5;
    const norm = (x: Tensor) => groupNorm(x, 1);
    const given = { weight: null, bias: null, upstream: normals(400, 6) };
    expectValues({ shape: [1, 2, 200], values }, given, norm, () => "", { absolute: 1e-6, relative: 1e-5 });
  });

  test("keeps NaN to its group", () => {
    const x = tensor([NaN, 1, 1, 3], [1, 2, 2]);
    const out = groupNorm(x, 2);
    expectSame(out.data.subarray(0, 2), [NaN, NaN]);
    expect(out.data.subarray(2).every(Number.isFinite)).toBe(true);
    for (const made of [x, out]) made.dispose();
  });

  test("gives gradients by the weights of the forward pass, only where they are asked for, and none without a graph", () => {
    const [x, weight, bias] = [tensor(normals(8, 1), [1, 2, 4]), tensor([2, 3], [2], { requiresGrad: true }), tensor([1, 1])];
    const out = groupNorm(x, 1, weight, bias);
    weight.data.fill(100);
    out.backward(new Float32Array(8).fill(1) as never);
    expect([x.grad, bias.grad, weight.grad?.shape]).toEqual([null, null, [2]]);
    const before = memory();
    const plain = noGrad(() => groupNorm(x, 1, weight, bias));
    expect(plain.requiresGrad).toBe(false);
    plain.dispose();
    expect(memory()).toEqual(before);
    for (const made of [x, weight, bias, out]) made.dispose();
  });

  test("takes the gradient of x by the weights of the forward pass", () => {
    const gradient = (change: boolean) => {
      const [x, weight] = [tensor(normals(8, 1), [1, 2, 4], { requiresGrad: true }), tensor([2, 3])];
      const out = groupNorm(x, 1, weight);
      if (change) weight.data.fill(100);
      out.backward(normals(8, 2));
      const values = x.grad?.data.slice();
      for (const made of [x, weight, out]) made.dispose();
      return values;
    };
    expect(gradient(true)).toEqual(gradient(false));
  });

  test("sums the gradients of one tensor as weight and bias", () => {
    const [x, both] = [tensor([1, 3], [1, 1, 2]), tensor([2], [1], { requiresGrad: true })];
    const out = groupNorm(x, 1, both, both, { eps: 0 });
    out.backward([[[1, 2]]]);
    expectSame(both.grad?.data ?? [], [4]);
    for (const made of [x, both, out]) made.dispose();
  });

  test("rejects what does not fit, and says so", () => {
    const call = "groupNorm\\(x, groups, weight, bias, options\\)";
    const [x, flat, one, three] = [tensor(normals(8), [1, 4, 2]), tensor([1, 2]), tensor([1, 2, 3, 4], [1, 4, 1]), tensor([1, 2, 3])];
    const bad = (run: () => unknown, code: "shape" | "option" | "disposed", message: string) =>
      expectError(run, code, new RegExp(`^${call}: ${message}`));
    bad(() => groupNorm(2 as never, 1), "shape", "x is 2, expected a Tensor");
    bad(() => groupNorm(flat, 1), "shape", "x has shape \\[2\\], expected \\[B, C, \\.\\.\\.\\]");
    bad(() => groupNorm(x, 3), "shape", "groups is 3, but x has shape \\[1, 4, 2\\]; expected a divisor of its 4 channels");
    for (const wrong of [0, -1, 1.5, "2", null, undefined]) bad(() => groupNorm(x, wrong as number), "option", "groups is");
    bad(() => groupNorm(x, 2, three), "shape", "weight has shape \\[3\\], expected \\[4\\], one per channel of x");
    bad(() => groupNorm(x, 2, null, x), "shape", "bias has shape \\[1, 4, 2\\], expected \\[4\\]");
    bad(() => groupNorm(x, 2, [1, 2, 3, 4] as never), "shape", "weight is an array of 4, expected a Tensor or null");
    for (const eps of [-1, Number.NaN, Infinity, "0"]) bad(() => groupNorm(x, 2, null, null, { eps: eps as number }), "option", "eps is");
    expectError(() => groupNorm(x, 2, null, null, { epsilon: 1 } as never), "option", /has no option "epsilon"; it knows eps/);
    bad(() => groupNorm(one, 4), "shape", "x has shape \\[1, 4, 1\\], which is 1 value per group, expected more than 1");
    x.dispose();
    expectError(() => groupNorm(x, 2), "disposed", /was disposed/);
    for (const made of [flat, one, three]) made.dispose();
  });
});
