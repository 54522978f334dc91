// Group normalisation as a layer.
import { describe, expect, test } from "vitest";
import { groupNorm, memory, nn, randn, tidy } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { testLayerCases } from "../helpers/networkCases.js";

testLayerCases("GroupNorm", ({ groups, channels, ...options }) => new nn.GroupNorm(groups, channels, options));

describe("GroupNorm(groups, channels, options)", () => {
  test("is groupNorm with its weight, bias and eps, in training and after", () => {
    const before = memory();
    tidy(() => {
      const layer = new nn.GroupNorm(2, 4, { eps: 0.1 });
      layer.weight.data.set([1, 2, 3, 4]);
      layer.bias.data.set([0, 1, 0, 1]);
      const x = randn([2, 4, 3, 3], { seed: 1 });
      const expected = groupNorm(x, 2, layer.weight, layer.bias, { eps: 0.1 });
      expectSame(layer.forward(x).data, expected.data);
      expectSame(layer.eval().forward(x).data, expected.data);
      layer.dispose();
    });
    expect(memory()).toEqual(before);
  });

  test("starts with weights of 1 and a bias of 0, which are trained and outlive tidy", () => {
    const layer = tidy(() => new nn.GroupNorm(1, 2));
    expect([layer.weight.toArray(), layer.bias.toArray()]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(layer.parameters()).toEqual([layer.weight, layer.bias]);
    expect(layer.parameters().every(({ requiresGrad }) => requiresGrad)).toBe(true);
    layer.dispose();
  });

  test("leaves memory flat over 10,000 calls", () => {
    const [layer, x] = [new nn.GroupNorm(2, 4), randn([1, 4, 2, 3])];
    const before = memory();
    for (let i = 0; i < 10_000; i++) layer.forward(x).dispose();
    expect(memory()).toEqual(before);
    for (const made of [layer, x]) made.dispose();
  });

  test("refuses senseless sizes and inputs", () => {
    expectError(() => new nn.GroupNorm(3, 4), "option", /groups is 3, expected a divisor of channels, 4/);
    for (const wrong of [0, 1.5, undefined, "2"]) {
      expectError(() => new nn.GroupNorm(wrong as number, 4), "option", /groups is/);
      expectError(() => new nn.GroupNorm(1, wrong as number), "option", /channels is/);
    }
    expectError(() => new nn.GroupNorm(1, 4, { eps: -1 }), "option", /eps is -1/);
    expectError(() => new nn.GroupNorm(1, 4, { affine: false } as never), "option", /no option "affine"/);
    const [layer, x] = [new nn.GroupNorm(2, 4), randn([1, 6, 2, 2])];
    expectError(() => layer.forward(x), "shape", /weight has shape \[4\], expected \[6\]/);
    for (const made of [layer, x]) made.dispose();
  });
});
