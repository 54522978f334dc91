import { describe, expect, test } from "vitest";
import { convTranspose2d, nn, randn } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { testLayerCases } from "../helpers/networkCases.js";

testLayerCases(
  "ConvTranspose2d",
  ({ inChannels, outChannels, kernelSize, ...options }) => new nn.ConvTranspose2d(inChannels, outChannels, kernelSize, options),
);

describe("ConvTranspose2d(inChannels, outChannels, kernelSize, options)", () => {
  test("is convTranspose2d with its weight, bias and options", () => {
    const options = { stride: 3, padding: 1, outputPadding: 2 };
    const layer = new nn.ConvTranspose2d(2, 3, 4, { ...options, seed: 4 });
    const x = randn([1, 2, 5, 5], { seed: 1 });
    layer.bias?.data.set([1, 2, 3]);
    expect([...layer.forward(x).data]).toEqual([...convTranspose2d(x, layer.weight, layer.bias, options).data]);
    expect(new nn.ConvTranspose2d(2, 3, 2, { bias: false }).parameters().length).toBe(1);
  });

  test("keeps the magnitude of what comes out of relu", () => {
    const layer = new nn.ConvTranspose2d(64, 64, 2, { stride: 2, bias: false });
    const out = layer.forward(randn([1, 64, 32, 32], { seed: 1 }).relu());
    const { data } = out;
    expectClose([data.reduce((sum, value) => sum + value * value, 0) / data.length], [1], { relative: 0.1 });
  });

  test("refuses senseless sizes and options", () => {
    expectError(() => new nn.ConvTranspose2d(0, 1, 3), "option", /inChannels is 0/);
    expectError(() => new nn.ConvTranspose2d(1, 1, 3, { outputPadding: 1 }), "option", /outputPadding is 1, expected less than the stride/);
    expectError(() => new nn.ConvTranspose2d(1, 1, 3, { groups: 1 } as never), "option", /no option "groups"/);
  });
});
