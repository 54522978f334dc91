import { describe, expect, test } from "vitest";
import { conv2d, nn, randn } from "../../src/index.js";
import { expectError } from "../helpers/errors.js";
import { testLayerCases } from "../helpers/networkCases.js";

testLayerCases(
  "Conv2d",
  ({ inChannels, outChannels, kernelSize, ...options }) => new nn.Conv2d(inChannels, outChannels, kernelSize, options),
);

describe("Conv2d(inChannels, outChannels, kernelSize, options)", () => {
  test("is conv2d with its groups and dilation", () => {
    const layer = new nn.Conv2d(4, 6, 3, { groups: 2, dilation: 2, padding: "same", exact: true, seed: 4 });
    expect(layer.options.exact).toBe(true);
    const x = randn([1, 4, 5, 7], { seed: 1 });
    expect(layer.weight.shape).toEqual([6, 2, 3, 3]);
    const expected = conv2d(x, layer.weight, layer.bias, { groups: 2, dilation: 2, padding: "same" });
    expect([...layer.forward(x).data]).toEqual([...expected.data]);
  });

  test("refuses groups that do not divide the channels, and options that conv2d would refuse", () => {
    const wrong = (options: object) => () => new nn.Conv2d(4, 6, 3, options);
    expectError(wrong({ groups: 3 }), "option", /groups is 3, expected a divisor of inChannels, 4, and of outChannels, 6/);
    expectError(wrong({ groups: 4 }), "option", /groups is 4, expected a divisor/);
    expectError(wrong({ padding: "same", stride: 2 }), "option", /padding is "same"/);
    expectError(wrong({ dilation: 0 }), "option", /dilation is 0/);
  });
});
