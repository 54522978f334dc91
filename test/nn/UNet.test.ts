import { describe, expect, test } from "vitest";
import { memory, nn, noGrad, randn, type Tensor } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";

const values = (t: { data: Float32Array }) => [...t.data];

// every combination of norm, upsampling and dropout
const combinations: nn.UNetOptions[] = (["none", "group", "batch"] as const).flatMap((norm) =>
  (["nearest", "bilinear", "transposed"] as const).flatMap((upsample) => [0, 0.3].map((dropout) => ({ norm, upsample, dropout }))),
);

describe("UNet(options)", () => {
  test("keeps height and width, whatever they are", () => {
    const net = new nn.UNet({ inChannels: 2, outChannels: 3, width: 2 });
    for (const [height, width] of [
      [8, 12],
      [6, 8],
      [1, 1],
      [5, 3],
      [9, 16],
      [17, 2],
    ]) {
      expect(net.forward(randn([2, 2, height, width])).shape).toEqual([2, 3, height, width]);
    }
  });

  test("pads with zeros at the right and bottom", () => {
    const net = new nn.UNet({ width: 2, levels: 2, seed: 1 });
    const picture = randn([1, 3, 5, 7], { seed: 2 });
    const whole = net.forward(picture.pad([0, 1, 0, 1]));
    expect(values(net.forward(picture))).toEqual(values(whole.pad([0, -1, 0, -1])));
  });

  test("frees as it goes what no later layer reads", () => {
    const net = new nn.UNet({ width: 4 });
    const x = randn([1, 3, 16, 16]);
    const before = memory().bytes;
    const held: Record<string, number> = {};
    for (const name of ["bottom", "up1", "head"] as const) {
      const inner = net[name];
      const forward = (input: Tensor) => {
        held[name] = (memory().bytes - before) / (4 * 16 * 16);
        return inner.forward(input);
      };
      Object.assign(net, { [name]: Object.assign(new nn.ReLU(), { forward }) });
    }
    noGrad(() => net.forward(x)).dispose();
    // planes of full size: two levels that are read again and the pooled one, then the last level and its neighbour, then its result
    expect(held).toEqual({ bottom: 4 + 8 / 4 + 8 / 16, up1: 8 + 4, head: 4 });
    x.dispose();
    net.dispose();
  });

  test("is the same network for the same seed, with a gradient for every parameter", () => {
    for (const options of combinations) {
      const [a, b] = [new nn.UNet({ ...options, width: 2, seed: 3 }), new nn.UNet({ ...options, width: 2, seed: 3 })];
      const x = randn([2, 3, 8, 8], { seed: 5 });
      const out = a.forward(x);
      expect(values(out)).toEqual(values(b.forward(x)));
      expect(values(new nn.UNet({ ...options, width: 2, seed: 4 }).forward(x))).not.toEqual(values(out));
      out.pow(2).sum().backward();
      for (const [name, parameter] of a.named()) {
        if (name.includes("running")) continue;
        expect(parameter.grad, `${name} of ${JSON.stringify(options)}`).not.toBeNull();
        // a bias before a batch norm changes nothing
        if (options.norm !== "batch")
          expect(
            parameter.grad?.data.some((one) => one !== 0),
            name,
          ).toBe(true);
      }
    }
  });

  test("has the weights of 0.1.0 by name where nothing else is asked for", () => {
    const names = Object.keys(new nn.UNet({ width: 2 }).stateDict());
    const level = (name: string) => [0, 2].flatMap((i) => [`${name}.layers.${i}.weight`, `${name}.layers.${i}.bias`]);
    expect(names).toEqual([...["down1", "down2", "bottom", "up2", "up1"].flatMap(level), "head.weight", "head.bias"]);
  });

  test("has as many levels as asked for, and a group for every four channels", () => {
    const shapes = new nn.UNet({ width: 8, levels: 4, norm: "group", upsample: "transposed" }).stateDict();
    expect(shapes["down3.layers.0.weight"].shape).toEqual([32, 16, 3, 3]);
    expect(shapes["bottom.layers.3.weight"].shape).toEqual([64, 64, 3, 3]);
    expect(shapes["upsample3.weight"].shape).toEqual([64, 32, 2, 2]);
    expect(shapes["up3.layers.0.weight"].shape).toEqual([32, 64, 3, 3]);
    // of 9 and 18 channels, a divisor
    for (const width of [1, 3, 9, 18]) {
      expect(new nn.UNet({ width, levels: 2, norm: "group" }).forward(randn([1, 3, 4, 4])).shape).toEqual([1, 1, 4, 4]);
    }
    expect(Object.keys(new nn.UNet({ levels: 1 }).stateDict()).filter((name) => !name.startsWith("bottom"))).toEqual([
      "head.weight",
      "head.bias",
    ]);
  });

  test("drops elements of the lowest level in training alone", () => {
    const net = new nn.UNet({ width: 4, dropout: 0.5, seed: 1 });
    const x = randn([1, 3, 8, 8], { seed: 2 });
    expect(values(net.forward(x))).not.toEqual(values(net.forward(x)));
    net.eval();
    const plain = new nn.UNet({ width: 4, seed: 1 });
    expect(values(net.forward(x))).toEqual(values(plain.forward(x)));
  });

  test("predicts picture by picture what it predicts of a batch, once it is in evaluation mode", () => {
    const net = new nn.UNet({ width: 4, norm: "batch", seed: 1 });
    const x = randn([2, 3, 8, 8], { seed: 2 });
    for (let i = 0; i < 5; i++) net.forward(x);
    net.eval();
    const both = net.forward(x);
    const first = net.forward(randn([2, 3, 8, 8], { seed: 2 }).gather([0]));
    expectClose(first.data, both.data.subarray(0, 64), { absolute: 1e-6 });
  });

  test("leaves nothing but its output", () => {
    for (const options of combinations) {
      const net = new nn.UNet({ ...options, width: 2, levels: 2 });
      const x = randn([2, 3, 5, 6], { seed: 2 });
      const before = memory();
      const out = net.forward(x);
      out.sum().backward();
      out.dispose();
      for (const parameter of net.parameters()) parameter.grad?.dispose();
      expect(memory().tensors, JSON.stringify(options)).toBe(before.tensors);
      net.dispose();
      x.dispose();
    }
  });

  test("refuses options and pictures that it cannot take", () => {
    const wrong = (options: object) => () => new nn.UNet(options);
    expectError(wrong({ levels: 0 }), "option", /levels is 0, expected a finite number from 1 to 12/);
    expectError(wrong({ norm: "layer" }), "option", /norm is "layer", expected "none" or "group" or "batch"/);
    expectError(wrong({ upsample: "bicubic" }), "option", /upsample is "bicubic"/);
    expectError(wrong({ dropout: 1.1 }), "option", /dropout is 1.1/);
    expectError(wrong({ depth: 2 }), "option", /no option "depth"/);
    const net = new nn.UNet({ width: 2 });
    const [flat, empty, wide] = [randn([3, 8, 8]), randn([1, 3, 0, 8]), randn([1, 4, 8, 8])];
    expectError(() => net.forward(flat), "shape", /UNet: the input has shape \[3, 8, 8\], expected \[B, 3, H, W\] of at least a pixel/);
    expectError(() => net.forward(empty), "shape", /of at least a pixel/);
    expectError(() => net.forward(wide), "shape", /UNet: the input has shape \[1, 4, 8, 8\], expected \[B, 3, H, W\]/);
  });
});
