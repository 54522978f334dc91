// Layers and networks: what they compute, their parameters by name, saving and loading.
import { describe, expect, test } from "vitest";
import { binaryCrossEntropy, conv2d, iouBinary, LovaszError, memory, nn, optim, randn, tensor, tidy } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";

const values = (t: { data: Float32Array }) => [...t.data];

describe("Conv2d(inChannels, outChannels, kernelSize, options)", () => {
  test("is conv2d with its weight, bias, stride and padding", () => {
    const layer = new nn.Conv2d(2, 3, 3, { stride: 2, padding: 1, seed: 4 });
    const x = randn([1, 2, 5, 5], { seed: 1 });
    layer.bias?.data.set([1, 2, 3]);
    expect(values(layer.forward(x))).toEqual(values(conv2d(x, layer.weight, layer.bias, { stride: 2, padding: 1 })));
    expect(new nn.Conv2d(2, 3, 1, { bias: false }).parameters().length).toBe(1);
  });

  test("starts with He's deviation, the same for the same seed", () => {
    const weights = (seed: number) => new nn.Conv2d(16, 64, 3, { seed }).weight.data.slice();
    const first = weights(1);
    const deviation = Math.sqrt(first.reduce((sum, w) => sum + w * w, 0) / first.length);
    expectClose([deviation], [Math.sqrt(2 / (16 * 9))], { relative: 0.03 });
    expect(weights(1)).toEqual(first);
    expect(weights(2)).not.toEqual(first);
  });

  test("refuses senseless sizes", () => {
    expectError(() => new nn.Conv2d(0, 1, 3), "option", /inChannels is 0/);
    expectError(() => new nn.Conv2d(1, 1, 1.5), "option", /kernelSize is 1.5/);
    expectError(() => new nn.Conv2d(1, undefined as never, 3), "option", /outChannels is null/);
    expectError(() => new nn.Conv2d(1, 1, 3, { pad: 1 } as never), "option", /no option "pad"/);
  });
});

describe("Linear(inFeatures, outFeatures, options)", () => {
  test("is x W^T + b over any leading axes", () => {
    const layer = new nn.Linear(2, 3);
    layer.weight.data.set([1, 2, 3, 4, 5, 6]);
    layer.bias?.data.set([0.5, 0, -0.5]);
    expect(
      layer
        .forward(
          tensor([
            [1, 1],
            [2, 0],
          ]),
        )
        .toArray(),
    ).toEqual([
      [3.5, 7, 10.5],
      [2.5, 6, 9.5],
    ]);
    expect(layer.forward(tensor([[[1, 1]]])).shape).toEqual([1, 1, 3]);
  });
});

describe("Sequential(...layers)", () => {
  test("runs its layers in order and learns", () => {
    const net = new nn.Sequential(new nn.Linear(2, 8, { seed: 1 }), new nn.Tanh(), new nn.Linear(8, 1, { seed: 2 }));
    const adam = new optim.Adam(net.parameters(), { lr: 0.05 });
    const x = tensor([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const labels = [0, 1, 1, 0];
    for (let i = 0; i < 300; i++) {
      tidy(() => {
        binaryCrossEntropy(net.forward(x), labels).backward();
        adam.step();
        adam.zeroGrad();
      });
    }
    const predictions = values(net.forward(x)).map((logit) => Number(logit > 0));
    expect(iouBinary(predictions, labels)).toBe(1);
  });

  test("leaves nothing but its output", () => {
    const net = new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU(), new nn.Sigmoid());
    const x = tensor([[1, 2]]);
    const before = memory().tensors;
    const out = net.forward(x);
    out.sum().backward();
    out.dispose();
    for (const parameter of net.parameters()) parameter.grad?.dispose();
    expect(memory().tensors).toBe(before);
  });

  test("refuses what is no module", () => {
    expectError(() => new nn.Sequential(((x: never) => x) as never), "option", /layers\[0\] is a function/);
  });
});

test("a network that cannot be made whole leaves no tensors behind", () => {
  // of its last layer the weights alone take 4 GiB
  expectError(() => new nn.UNet({ width: 1, outChannels: 2 ** 30 }), "memory", /./);
  const net = tidy(() => new nn.UNet({ width: 1 }));
  expect(net.forward(randn([1, 3, 4, 4])).shape).toEqual([1, 1, 4, 4]);
});

describe("stateDict() and loadStateDict(state)", () => {
  test("loads all or nothing where a parameter is gone", () => {
    const layer = new nn.Linear(1, 1);
    const state = layer.stateDict();
    const before = layer.weight.item();
    state.weight.data[0] = 42;
    layer.bias?.dispose();
    expectError(() => layer.loadStateDict(state), "disposed", /loadStateDict\(state\): bias, a tensor of shape \[1\], was disposed/);
    expect(layer.weight.item()).toBe(before);
  });

  test("reads each entry and number once, so that none can change after its check", () => {
    const layer = new nn.Linear(2, 1);
    const before = layer.stateDict();
    const later = <T>(...values: T[]) => {
      let reads = 0;
      return () => values[Math.min(values.length - 1, reads++)];
    };
    const data = later([1, 2], [1, 2, 3]);
    const number = later(3, Number.NaN);
    const state = {
      weight: {
        get shape() {
          return [1, 2];
        },
        get data() {
          return data();
        },
      },
      bias: {
        shape: [1],
        data: Object.defineProperty([0], 0, { get: number }),
      },
    };
    layer.loadStateDict(state as never);
    expect([layer.weight.toArray(), layer.bias?.toArray()]).toEqual([[[1, 2]], [3]]);
    expect(() => layer.loadStateDict(state as never)).toThrow(LovaszError);
    expect([layer.weight.toArray(), layer.bias?.toArray()]).toEqual([[[1, 2]], [3]]);
    layer.loadStateDict(before);
  });

  test("a getter of the state that frees a parameter leaves the others as they were", () => {
    const layer = new nn.Linear(1, 1);
    const before = layer.weight.item();
    const state = {
      weight: { shape: [1, 1], data: [42] },
      get bias() {
        layer.bias?.dispose();
        return { shape: [1], data: [1] };
      },
    };
    expect(() => layer.loadStateDict(state as never)).toThrow(/bias, a tensor of shape \[1\], was disposed/);
    expect(layer.weight.item()).toBe(before);
  });

  test("carry a network over to another", () => {
    const [from, to] = [new nn.UNet({ width: 2, seed: 1 }), new nn.UNet({ width: 2, seed: 2 })];
    const x = randn([1, 3, 8, 8]);
    const expected = values(from.forward(x));
    expect(values(to.forward(x))).not.toEqual(expected);
    to.loadStateDict(from.stateDict());
    expect(values(to.forward(x))).toEqual(expected);
  });

  test("copy: a state is not touched by later training", () => {
    const layer = new nn.Linear(1, 1);
    const state = layer.stateDict();
    const before = state.weight.data[0];
    layer.weight.data[0] = 7;
    expect(state.weight.data[0]).toBe(before);
    expect(Object.keys(new nn.Sequential(layer).stateDict())).toEqual(["layers.0.weight", "layers.0.bias"]);
  });

  test("refuse a state of another network whole: no parameter changes", () => {
    const layer = new nn.Linear(2, 2);
    const good = layer.stateDict();
    const { bias, ...rest } = good;
    const bad = [
      [rest, /lacks bias; it belongs to another network/],
      [{ ...good, scale: bias }, /has unknown scale/],
      [
        { weight: { shape: [2, 2], data: new Float32Array(4) }, bias: { shape: [3], data: new Float32Array(3) } },
        /bias has shape \[3\], expected \[2\]/,
      ],
      [
        { weight: { shape: [2, 2], data: new Float32Array(3) }, bias },
        /data of weight is a Float32Array of 3, expected 4 numbers for shape \[2, 2\]/,
      ],
      [
        JSON.parse(JSON.stringify(good)),
        /expected 4 numbers for shape \[2, 2\]; JSON makes objects of typed arrays: write Array.from\(data\) to JSON/,
      ],
      [null, /state is null/],
      [{ ...good, bias: { shape: [2], data: ["1", 2] } }, /bias holds "1", expected numbers/],
      [{ ...good, bias: { shape: [2], data: [1, Number.NaN] } }, /bias\[1\] is NaN, expected finite numbers/],
      [{ ...good, bias: { shape: [2], data: [1e39, 1] } }, /bias\[0\] is 1e\+39, expected finite numbers/],
    ] as const;
    for (const [state, message] of bad) {
      expect(() => layer.loadStateDict(state as never)).toThrow(LovaszError);
      expect(() => layer.loadStateDict(state as never)).toThrow(message);
      expect(layer.stateDict()).toEqual(good);
    }
  });

  test("dispose() frees every parameter", () => {
    const before = memory();
    new nn.UNet({ width: 2 }).dispose();
    expect(memory()).toEqual(before);
  });
});

test("a Sequential frees what its layers made where one throws", () => {
  const net = new nn.Sequential(new nn.ReLU(), new nn.ReLU(), new nn.Linear(3, 1));
  const x = tensor([1, 2], [1, 2]);
  expectError(() => net.forward(x), "shape", /matmul/);
  x.dispose();
});
