// A ReLU writes over what the layer before it made, where nobody can see that: the results are those of the layers one by one.
import { expect, test } from "vitest";
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

test("ReLU after a convolution takes no memory of its own", () => {
  const network = new nn.Sequential(new nn.Conv2d(1, 1, 3, { padding: 1 }), new nn.ReLU());
  const before = memory();
  tidy(() => {
    network.forward(randn([1, 1, 64, 64]));
    expect(memory().bytes - before.bytes).toBe(2 * 4 * 64 * 64);
  });
});
