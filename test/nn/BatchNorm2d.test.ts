// Batch normalisation as a layer, with running statistics.
import { describe, expect, test } from "vitest";
import { memory, nn, ones, randn, tensor, tidy } from "../../src/index.js";
import { expectClose, expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { testLayerCases } from "../helpers/networkCases.js";

testLayerCases("BatchNorm2d", ({ channels, ...options }) => new nn.BatchNorm2d(channels, options));

describe("BatchNorm2d(channels, options)", () => {
  test("has two parameters and two buffers of PyTorch's names", () => {
    const layer = tidy(() => new nn.BatchNorm2d(2));
    const { weight, bias, running_mean, running_var } = layer;
    expect(Object.keys(layer.stateDict())).toEqual(["weight", "bias", "running_mean", "running_var"]);
    expect(layer.parameters()).toEqual([weight, bias]);
    expect([weight, bias, running_mean, running_var].map((one) => one.toArray())).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
    expect([running_mean, running_var].map(({ requiresGrad }) => requiresGrad)).toEqual([false, false]);
    layer.dispose();
  });

  test("collects statistics in training only, by its momentum, and predicts by them", () => {
    const before = memory();
    const layer = new nn.BatchNorm2d(1, { momentum: 0.5, eps: 0 });
    const x = tensor([1, 3, 1, 3], [2, 1, 1, 2]);
    const trained = layer.forward(x);
    expectClose(trained.data, [-1, 1, -1, 1]);
    expectClose([layer.running_mean.item(), layer.running_var.item()], [1, 0.5 + 0.5 * (4 / 3)]);
    const state = layer.stateDict();
    const predicted = layer.eval().forward(x);
    const deviation = Math.sqrt(0.5 + 2 / 3);
    expectClose(predicted.data, [0, 2 / deviation, 0, 2 / deviation]);
    expect(layer.stateDict()).toEqual(state);
    for (const made of [layer, x, trained, predicted]) made.dispose();
    expect(memory()).toEqual(before);
  });

  test("carries its statistics over to another network", () => {
    const [from, to] = [1, 2].map((seed) => new nn.Sequential(new nn.Conv2d(2, 3, 3, { seed }), new nn.BatchNorm2d(3)));
    tidy(() => {
      const x = randn([2, 2, 6, 6], { seed: 1 });
      from.forward(x);
      to.loadStateDict(from.stateDict());
      const [came, expected] = [to, from].map((network) => network.eval().forward(x));
      expectSame(came.data, expected.data);
    });
    for (const made of [from, to]) made.dispose();
  });

  test("predicts for a single pixel, which it cannot train on", () => {
    const [layer, x] = [new nn.BatchNorm2d(2), ones([1, 2, 1, 1])];
    expectError(() => layer.forward(x), "shape", /x has shape \[1, 2, 1, 1\], which is 1 value per channel, expected more than 1/);
    expectSame(layer.running_mean.data, [0, 0]);
    const out = layer.eval().forward(x);
    expectClose(out.data, [1, 1], { relative: 1e-5 });
    for (const made of [layer, x, out]) made.dispose();
  });

  test("leaves memory flat over 10,000 calls", () => {
    const [layer, x] = [new nn.BatchNorm2d(2), randn([2, 2, 2, 3])];
    const before = memory();
    for (let i = 0; i < 10_000; i++) (i === 5000 ? layer.eval() : layer).forward(x).dispose();
    expect(memory()).toEqual(before);
    for (const made of [layer, x]) made.dispose();
  });

  test("leaves nothing behind where memory does not suffice", () => {
    expectError(() => new nn.BatchNorm2d(2 ** 28), "memory", /cannot allocate/);
  });

  test("refuses senseless sizes and inputs", () => {
    for (const wrong of [0, 1.5, undefined, "2"]) expectError(() => new nn.BatchNorm2d(wrong as number), "option", /channels is/);
    expectError(() => new nn.BatchNorm2d(1, { momentum: 2 }), "option", /momentum is 2, expected a finite number from 0 to 1/);
    expectError(() => new nn.BatchNorm2d(1, { eps: Number.NaN }), "option", /eps is NaN/);
    expectError(() => new nn.BatchNorm2d(1, { affine: false } as never), "option", /no option "affine"/);
    const [layer, flat, x] = [new nn.BatchNorm2d(2), ones([4, 2]), ones([1, 3, 2, 2])];
    expectError(() => layer.forward(flat), "shape", /BatchNorm2d: the input has shape \[4, 2\], expected \[B, 2, H, W\]/);
    expectError(() => layer.forward(x), "shape", /weight has shape \[2\], expected \[3\]/);
    expectError(() => layer.forward(1 as never), "shape", /BatchNorm2d: input is 1, expected a Tensor/);
    for (const made of [layer, flat, x]) made.dispose();
  });
});
