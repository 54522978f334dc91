// Normalisation of each channel over the whole batch, by its own statistics or by running ones.
import { describe, expect, test } from "vitest";
import { batchNorm, memory, noGrad, ones, tensor, zeros } from "../../src/index.js";
import { expectClose, expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { expectNorm, expectValues, normShapes } from "../helpers/normCases.js";
import { normals, uniforms } from "../helpers/random.js";

const channelOf = (index: readonly number[]) => String(index[1]);
const training = true;

describe("batchNorm", () => {
  test.each(normShapes.map((shape) => [shape]))("in training, of shape %j", (extents) => {
    expectNorm(extents, (x, weight, bias) => batchNorm(x, weight, bias, { training }), channelOf);
  });

  test.each(normShapes.map((shape) => [shape]))("by running statistics, of shape %j", (extents) => {
    const [means, variances] = [normals(extents[1], 8), uniforms(extents[1], 0.1, 3, 9)];
    const [runningMean, runningVar] = [tensor(means), tensor(variances)];
    const fixed = (channel: string) => ({ mean: means[Number(channel)], variance: variances[Number(channel)] });
    expectNorm(extents, (x, weight, bias) => batchNorm(x, weight, bias, { runningMean, runningVar }), channelOf, { fixed });
    expectSame(runningMean.data, means);
    expectSame(runningVar.data, variances);
    for (const made of [runningMean, runningVar]) made.dispose();
  });

  test.each(normShapes.map((shape) => [shape]))("updates the running statistics of shape %j, the variance unbiased", (extents) => {
    const channels = extents[1];
    const count = extents.reduce((product, extent) => product * extent, 1) / channels;
    const [runningMean, runningVar] = [tensor(normals(channels, 8)), tensor(uniforms(channels, 0.1, 3, 9))];
    const [means, variances] = [runningMean.data.slice(), runningVar.data.slice()];
    const values = Float64Array.from(normals(count * channels || 0, 1));
    const { moments } = expectValues(
      { shape: extents, values },
      { weight: null, bias: null, upstream: values },
      (x) => batchNorm(x, null, null, { training, runningMean, runningVar, momentum: 0.3 }),
      channelOf,
      { absolute: 3e-6, relative: 3e-6 },
    );
    const blended = (old: Float32Array, value: (moments: { mean: number; variance: number }) => number) =>
      old.map((one, c) => (count > 0 ? 0.7 * one + 0.3 * value(moments.get(String(c)) as never) : one));
    expectClose(
      runningMean.data,
      blended(means, ({ mean }) => mean),
    );
    expectClose(
      runningVar.data,
      blended(variances, ({ variance }) => (variance * count) / (count - 1)),
    );
    for (const made of [runningMean, runningVar]) made.dispose();
  });

  test("has the gradient of finite differences", () => {
    const inputs = [[3, 2, 4], [2], [2]].map((shape, i) => ({ shape, values: normals(i === 0 ? 24 : 2, i + 1) }));
    gradCheck((x, weight, bias) => batchNorm(x, weight, bias, { training }), inputs);
    const [runningMean, runningVar] = [tensor([0.5, -1]), tensor([2, 0.5])];
    gradCheck((x, weight, bias) => batchNorm(x, weight, bias, { runningMean, runningVar, eps: 0.1 }), inputs);
    for (const made of [runningMean, runningVar]) made.dispose();
  });

  test("is right to 1e-5 around a mean of 1000, in the running statistics, too", () => {
    const [runningMean, runningVar] = [zeros([3]), zeros([3])];
    const values = Float64Array.from(normals(6000, 7), (one) => Math.fround(1000 + one));
    const { moments } = expectValues(
      { shape: [4, 3, 500], values },
      { weight: normals(3, 2), bias: normals(3, 3), upstream: normals(6000, 4) },
      (x, weight, bias) => batchNorm(x, weight, bias, { training, runningMean, runningVar, momentum: 1 }),
      channelOf,
      { absolute: 1e-5, relative: 1e-5 },
    );
    const own = [...moments.values()];
    expectClose(
      runningMean.data,
      own.map(({ mean }) => mean),
    );
    expectClose(
      runningVar.data,
      own.map(({ variance }) => (variance * 2000) / 1999),
    );
    for (const made of [runningMean, runningVar]) made.dispose();
  });

  test("updates running statistics without a graph too, by a tenth, and leaves them alone where it throws", () => {
    const [x, weight, runningMean, runningVar] = [tensor([1, 3], [2, 1]), tensor([1, 2]), zeros([1]), ones([1])];
    const options = { training, runningMean, runningVar };
    noGrad(() => batchNorm(x, null, null, options)).dispose();
    const expected = [0.2, 1.1].map(Math.fround);
    expect([runningMean.item(), runningVar.item()]).toEqual(expected);
    expectError(() => batchNorm(x, weight, null, options), "shape", /weight has shape \[2\]/);
    expect([runningMean.item(), runningVar.item()]).toEqual(expected);
    batchNorm(x, null, null, { ...options, momentum: 0 }).dispose();
    expect([runningMean.item(), runningVar.item()]).toEqual(expected);
    for (const made of [x, weight, runningMean, runningVar]) made.dispose();
  });

  test("gives gradients by the statistics of the forward pass, whatever becomes of them", () => {
    const gradient = (change: boolean) => {
      const [x, runningMean, runningVar] = [tensor([1, 3], [2, 1], { requiresGrad: true }), tensor([1]), tensor([4])];
      const out = batchNorm(x, null, null, { runningMean, runningVar });
      if (change) batchNorm(x, null, null, { runningMean, runningVar, training }).dispose();
      out.backward([[1], [2]]);
      const values = [...(x.grad?.data ?? [])];
      for (const made of [x, runningMean, runningVar, out]) made.dispose();
      return values;
    };
    expect(gradient(true)).toEqual(gradient(false));
    expectClose(gradient(true), [0.5, 1], { relative: 1e-5 });
  });

  test("rejects what does not fit, and says so", () => {
    const before = memory();
    const call = "batchNorm\\(x, weight, bias, options\\)";
    const [x, single, flat] = [tensor(normals(8), [2, 2, 2]), tensor([1, 2], [1, 2]), tensor([1, 2])];
    const [runningMean, runningVar, grown] = [zeros([2]), ones([2]), ones([2], { requiresGrad: true })];
    const bad = (run: () => unknown, code: "shape" | "option" | "disposed", message: string) =>
      expectError(run, code, new RegExp(`^${call}: ${message}`));
    bad(() => batchNorm([[1]] as never), "shape", "x is an array of 1, expected a Tensor");
    bad(() => batchNorm(flat, null, null, { training }), "shape", "x has shape \\[2\\], expected \\[B, C, \\.\\.\\.\\]");
    bad(() => batchNorm(x, x), "shape", "weight has shape \\[2, 2, 2\\], expected \\[2\\], one per channel of x");
    bad(() => batchNorm(x), "option", "runningMean and runningVar are missing, expected .* pass both, or \\{ training: true \\}");
    bad(() => batchNorm(x, null, null, { runningMean }), "option", "runningVar is missing, .*; pass both");
    bad(() => batchNorm(x, null, null, { runningVar, training }), "option", "runningMean is missing, .*; pass both");
    bad(() => batchNorm(x, null, null, { runningMean: x, runningVar }), "shape", "runningMean has shape \\[2, 2, 2\\], expected \\[2\\]");
    bad(() => batchNorm(x, null, null, { runningMean: 0 as never, runningVar }), "shape", "runningMean is 0, expected a Tensor or null");
    bad(() => batchNorm(x, null, null, { runningMean, runningVar: grown }), "option", "runningVar has requiresGrad, but no gradient");
    for (const shape of [
      [1, 2],
      [1, 2, 1, 1],
    ]) {
      const one = tensor([1, 2], shape);
      bad(() => batchNorm(one, null, null, { training }), "shape", "x has shape \\[1, 2.*\\], which is 1 value per channel, expected more");
      one.dispose();
    }
    for (const momentum of [-0.1, 1.1, null, "0.1", Number.NaN]) {
      bad(() => batchNorm(x, null, null, { training, momentum: momentum as number }), "option", "momentum is");
    }
    bad(() => batchNorm(x, null, null, { training, eps: -1 }), "option", "eps is -1, expected a finite number of at least 0");
    bad(() => batchNorm(x, null, null, { training: 1 as never }), "option", "training is 1, expected true or false");
    expectError(() => batchNorm(x, null, null, { running_mean: runningMean } as never), "option", /has no option "running_mean"/);
    runningVar.dispose();
    for (const options of [{ training }, {}]) {
      expectError(() => batchNorm(x, null, null, { ...options, runningMean, runningVar }), "disposed", /was disposed/);
    }
    expectSame(runningMean.data, [0, 0]);
    batchNorm(single, null, null, { runningMean, runningVar: runningMean }).dispose();
    for (const made of [x, single, flat, runningMean, grown]) made.dispose();
    expect(memory()).toEqual(before);
  });
});
