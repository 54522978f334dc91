import { describe, expect, test } from "vitest";
import { crossEntropy, memory, nn, optim, randn, tidy } from "../../src/index.js";
import { expectError } from "../helpers/errors.js";

describe("FastSCNN(options)", () => {
  test("keeps height and width, whatever they are", () => {
    const net = new nn.FastSCNN({ inChannels: 2, outChannels: 3, width: 4 });
    for (const [height, width] of [
      [64, 96],
      [33, 65],
      [40, 40],
    ]) {
      expect(net.forward(randn([2, 2, height, width])).shape).toEqual([2, 3, height, width]);
    }
    net.eval();
    expect(net.forward(randn([1, 2, 1, 5])).shape).toEqual([1, 3, 1, 5]);
  });

  test("has the channels of the paper by default, and some 1.1 million parameters", () => {
    const net = new nn.FastSCNN({ outChannels: 19 });
    const count = net.parameters().reduce((sum, { size }) => sum + size, 0);
    expect(count).toBeGreaterThan(1.05e6);
    expect(count).toBeLessThan(1.2e6);
    expect(net.stateDict()["downsample.layers.1.layers.2.weight"].shape).toEqual([48, 32, 1, 1]);
    expect(net.stateDict()["features.layers.3.layers.6.weight"].shape).toEqual([96, 384, 1, 1]);
    net.dispose();
  });

  test("learns, and leaves no memory behind", () => {
    const net = new nn.FastSCNN({ outChannels: 2, width: 4, seed: 2 });
    const adam = new optim.Adam(net.parameters(), { lr: 0.01 });
    const pictures = randn([2, 3, 64, 64], { seed: 1 });
    // the left half is another class
    const labels = Uint8Array.from({ length: 2 * 64 * 64 }, (_, i) => Number(i % 64 < 32));
    pictures.data.forEach((value, i, all) => {
      all[i] = value + (i % 64 < 32 ? 1 : -1);
    });
    const losses: number[] = [];
    let tensors = 0;
    for (let i = 0; i < 12; i++) {
      tidy(() => {
        const loss = crossEntropy(net.forward(pictures), labels);
        loss.backward();
        adam.step();
        adam.zeroGrad();
        losses.push(loss.item());
      });
      if (i === 0) tensors = memory().tensors;
    }
    expect(memory().tensors).toBe(tensors);
    expect(losses[11]).toBeLessThan(0.6 * losses[0]);
  });

  test("is the same network for the same seed, with a gradient for every parameter", () => {
    const [a, b] = [new nn.FastSCNN({ width: 4, seed: 3 }), new nn.FastSCNN({ width: 4, seed: 3 })];
    const x = randn([2, 3, 64, 64], { seed: 5 });
    const out = a.forward(x);
    expect([...out.data]).toEqual([...b.forward(x).data]);
    out.sum().backward();
    for (const parameter of a.parameters()) expect(parameter.grad).not.toBeNull();
  });

  test("refuses options and pictures that it cannot take", () => {
    expectError(() => new nn.FastSCNN({ width: 0 }), "option", /width is 0/);
    expectError(() => new nn.FastSCNN({ norm: "group" } as never), "option", /no option "norm"/);
    const net = new nn.FastSCNN({ width: 4 });
    const flat = randn([3, 64, 64]);
    expectError(() => net.forward(flat), "shape", /FastSCNN: the input has shape \[3, 64, 64\], expected \[B, 3, H, W\]/);
  });

  test("that cannot be made whole leaves no tensors behind", () => {
    const before = memory();
    expectError(() => new nn.FastSCNN({ width: 2, outChannels: 2 ** 30 }), "memory", /./);
    expect(memory()).toEqual(before);
  });
});
