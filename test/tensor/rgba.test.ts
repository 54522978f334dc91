import { describe, expect, test } from "vitest";
import { conv2d, nn, tensor, zeros } from "../../src/index.js";

const CURE = "; these look like RGBA pixels: fromImageData(picture) of lovasz/model makes [1, 3, H, W] of them";
const pixels = new Float32Array(4 * 8 * 6);

describe("raw RGBA pixels are refused in words that say so", () => {
  test.each([
    ["by a U-Net, channels first", () => new nn.UNet({ width: 1 }).forward(tensor(pixels, [1, 4, 6, 8]))],
    ["by a U-Net, channels last", () => new nn.UNet({ width: 1 }).forward(tensor(pixels, [1, 6, 8, 4]))],
    ["by a U-Net, without a batch", () => new nn.UNet({ width: 1 }).forward(tensor(pixels, [6, 8, 4]))],
    ["by Fast-SCNN", () => new nn.FastSCNN({ width: 1 }).forward(tensor(pixels, [1, 4, 6, 8]))],
    ["by a convolution", () => new nn.Conv2d(3, 1, 1).forward(tensor(pixels, [1, 4, 6, 8]))],
    ["by its operator", () => conv2d(tensor(pixels, [1, 6, 8, 4]), zeros([1, 3, 1, 1]))],
    ["as too many values for three channels", () => tensor(pixels, [1, 3, 6, 8])],
    ["as too many values, channels last", () => tensor(pixels, [6, 8, 3])],
  ])("%s", (_, call) => {
    expect(call).toThrow(CURE);
  });

  test.each([
    ["other channels", () => new nn.UNet({ width: 1 }).forward(zeros([1, 5, 6, 8]))],
    ["networks of other channels", () => new nn.UNet({ width: 1, inChannels: 2 }).forward(tensor(pixels, [1, 4, 6, 8]))],
    ["other numbers of values", () => tensor(pixels, [1, 3, 6, 7])],
    ["other shapes", () => tensor(new Float32Array(8), [2, 3])],
  ])("and nothing of the kind is said of %s", (_, call) => {
    expect(call).toThrow(/^(?!.*RGBA)/);
  });
});
