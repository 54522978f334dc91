// A ReLU writes over what the layer before it made, where nobody can see that: the results are those of the layers one by one.
import { describe, expect, test } from "vitest";
import { memory, nn, randn, relu, type Tensor, tensor, tidy } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { normals } from "../helpers/random.js";

const bitsOf = (one: Tensor | null) => (one as Tensor).copy();

class View extends nn.Module {
  forward(input: Tensor): Tensor {
    return input.reshape([...input.shape]);
  }
}

class Exponential extends nn.Module {
  forward(input: Tensor): Tensor {
    return input.exp();
  }
}

const layers: [string, () => nn.Module][] = [
  ["a convolution", () => new nn.Conv2d(2, 3, 3, { padding: 1 })],
  ["a norm", () => new nn.GroupNorm(1, 2)],
  ["what saves its output", () => new Exponential()],
  ["a view of the input", () => new View()],
  ["another ReLU", () => new nn.ReLU()],
  ["nothing", () => new nn.Sequential()],
];

test.each(layers)("ReLU after %s", (_, make) => {
  const values = normals(2 * 2 * 5 * 7, 1);
  const [x, y] = [1, 2].map(() => tensor(values, [2, 2, 5, 7], { requiresGrad: true }));
  const layer = make();
  const upstream = randn([...layer.forward(x).shape], { seed: 2 });
  const [ours, theirs] = [new nn.Sequential(layer, new nn.ReLU()).forward(x), relu(layer.forward(y))];
  expectSame(ours.copy(), theirs.copy());
  ours.backward(upstream);
  const parameters = layer.parameters().map(({ grad }) => bitsOf(grad));
  for (const one of layer.parameters()) one.grad = null;
  theirs.backward(upstream);
  expectSame(bitsOf(x.grad), bitsOf(y.grad));
  layer.parameters().forEach(({ grad }, i) => {
    expectSame(parameters[i], bitsOf(grad));
  });
  expectSame(x.copy(), values);
});

const convolutions: [string, [number, number, number, nn.Conv2dLayerOptions], number[]][] = [
  ["Winograd's algorithm", [8, 8, 3, { padding: 1 }], [2, 8, 21, 40]],
  ["Winograd's algorithm, results in part of a vector", [8, 6, 3, {}], [1, 8, 9, 9]],
  ["the direct kernel", [8, 8, 3, { padding: 1, exact: true }], [2, 8, 21, 40]],
  ["the direct kernel, in groups", [8, 4, 3, { groups: 2, stride: 2 }], [2, 8, 21, 19]],
  ["a depthwise kernel", [8, 8, 3, { groups: 8, padding: 1 }], [2, 8, 21, 40]],
  ["a kernel of 1 x 1 without bias", [8, 5, 1, { bias: false }], [2, 8, 5, 7]],
];

describe.each(convolutions)("ReLU after a convolution by %s", (_, [from, to, size, options], shape) => {
  const layer = new nn.Conv2d(from, to, size, options);
  const count = shape.reduce((a, b) => a * b, 1);
  const [first, second] = [normals(to, 5), normals(count, 1)];
  const fused = new nn.Sequential(layer, new nn.ReLU());

  test("has the bits of one after the other, and so have all gradients", () => {
    if (layer.bias) layer.bias.data.set(first);
    const seen = [(x: Tensor) => fused.forward(x), (x: Tensor) => relu(layer.forward(x))].map((network) => {
      const x = tensor(second, shape, { requiresGrad: true });
      const out = network(x);
      out.backward(randn([...out.shape], { seed: 2 }));
      const gradients = [x, ...layer.parameters()].map(({ grad }) => bitsOf(grad));
      for (const one of layer.parameters()) one.grad = null;
      return [out.copy(), ...gradients];
    });
    seen[0].forEach((ours, i) => {
      expectSame(ours, seen[1][i]);
    });
    expect(seen[0][0].some((value) => value > 0)).toBe(true);
    expect(seen[0][0].some((value) => value === 0)).toBe(true);
  });

  test("has no -0, and NaN where there is one", () => {
    if (layer.bias) layer.bias.data.fill(-0);
    const zero = fused.forward(tensor(new Float32Array(count).fill(-0), shape)).copy();
    expect(zero.every((value) => Object.is(value, 0))).toBe(true);
    const lone = tensor(second.with(count - 1, Number.NaN), shape);
    expectSame(fused.forward(lone).copy(), relu(layer.forward(lone)).copy());
  });
});

test("a layer that computes something else is asked", () => {
  class Negative extends nn.Conv2d {
    override forward(input: Tensor): Tensor {
      return super.forward(input).neg();
    }
  }
  const [x, options] = [randn([1, 2, 4, 4], { seed: 1 }), { seed: 3 }];
  const plain = new nn.Conv2d(2, 2, 3, options);
  const expected = relu(plain.forward(x).neg()).copy();
  expectSame(new nn.Sequential(new Negative(2, 2, 3, options), new nn.ReLU()).forward(x).copy(), expected);
  const replaced = Object.assign(new nn.Conv2d(2, 2, 3, options), { forward: (input: Tensor) => plain.forward(input).neg() });
  expectSame(new nn.Sequential(replaced, new nn.ReLU()).forward(x).copy(), expected);
  const odd = Object.assign(new nn.ReLU(), { forward: (input: Tensor) => relu(input.neg()) });
  expectSame(new nn.Sequential(plain, odd).forward(x).copy(), expected);
});

test("ReLU after a convolution takes no memory of its own", () => {
  const network = new nn.Sequential(new nn.Conv2d(1, 1, 3, { padding: 1 }), new nn.ReLU());
  const before = memory();
  tidy(() => {
    network.forward(randn([1, 1, 64, 64]));
    expect(memory().bytes - before.bytes).toBe(2 * 4 * 64 * 64);
  });
});
