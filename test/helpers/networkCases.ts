// The layers of ../shared/golden/networks.json, where it lies beside a checkout: outputs, gradients and running statistics of PyTorch.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memory, nn, type Tensor, tensor } from "../../src/index.js";
import { expectClose } from "./closeTo.js";

interface Values {
  shape: number[];
  data: number[];
}

interface LayerCase {
  name: string;
  options: Record<string, never>;
  train: boolean;
  input: Values;
  state: Record<string, Values>;
  output: Values;
  upstream: Values;
  inputGrad: Values;
  grads: Record<string, Values>;
  /** The running statistics after the forward pass. */
  after: Record<string, Values>;
}

const file = new URL("../../../shared/golden/networks.json", import.meta.url);
const present = existsSync(file);
if (!present) console.warn("skipped: the layers of PyTorch, for ../shared/golden/networks.json is absent");
const cases: LayerCase[] = present ? JSON.parse(readFileSync(file, "utf8")).cases : [];

// Winograd's convolutions err by up to 1e-5 of the largest entry: docs/mathematics.md
const close = (expected: readonly number[]) => ({
  absolute: expected.reduce((most, v) => Math.max(most, 1e-5 * Math.abs(v)), 2e-5),
  relative: 2e-5,
});

/** Holds the layer that `make` builds from the options of each case of `name` to PyTorch's numbers. */
export function testLayerCases(name: string, make: (options: Record<string, never>) => nn.Module): void {
  describe.skipIf(!present)(`${name} in PyTorch's numbers`, () => {
    const own = cases.filter((one) => one.name === name);

    test("there are cases", () => {
      expect(own.length).toBeGreaterThan(0);
    });

    test.each(own.map((one, i) => [i, one] as const))("case %i", (_, one) => {
      const before = memory();
      const layer = make(one.options);
      layer.loadStateDict(
        Object.fromEntries(Object.entries(one.state).map(([key, { shape, data }]) => [key, { shape, data: Float32Array.from(data) }])),
      );
      if (!one.train) layer.eval();
      const input = tensor(one.input.data, one.input.shape, { requiresGrad: true });
      const out = layer.forward(input);
      expect(out.shape).toEqual(one.output.shape);
      expectClose(out.data, one.output.data, close(one.output.data), "output");
      const upstream = tensor(one.upstream.data, one.upstream.shape);
      out.backward(upstream);
      expectClose(input.grad?.data ?? [], one.inputGrad.data, close(one.inputGrad.data), "gradient of the input");
      const parameters = layer as unknown as Record<string, Tensor>;
      for (const [key, { data }] of Object.entries(one.grads)) {
        expectClose(parameters[key].grad?.data ?? [], data, close(data), `gradient of ${key}`);
      }
      const after = layer.stateDict();
      for (const [key, { data }] of Object.entries(one.after)) expectClose(after[key].data, data, close(data), key);
      for (const made of [input, out, upstream]) made.dispose();
      layer.dispose();
      expect(memory()).toEqual(before);
    });
  });
}

/** The same of an operator without parameters. */
export function testOperatorCases(name: string, operator: (input: Tensor, options: Record<string, never>) => Tensor): void {
  testLayerCases(
    name,
    (options) =>
      new (class extends nn.Module {
        forward(input: Tensor): Tensor {
          return operator(input, options);
        }
      })(),
  );
}
