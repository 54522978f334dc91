// What Dropout and Dropout2d have in common to test.
import { expect, test } from "vitest";
import { memory, type nn, randn, tensor } from "../../src/index.js";
import { expectSame } from "./closeTo.js";
import { expectError } from "./errors.js";

export function testDropoutLayer(Layer: typeof nn.Dropout | typeof nn.Dropout2d): void {
  const shape = [4, 16, 2, 2];
  const masks = (layer: nn.Module, count: number) =>
    Array.from({ length: count }, () => {
      const x = tensor(new Float32Array(256).fill(1), shape);
      const out = layer.forward(x);
      const values = out.data.join();
      for (const made of [x, out]) made.dispose();
      return values;
    });

  test("has another mask each time, and the same sequence for the same seed", () => {
    const sequence = masks(new Layer(0.5, { seed: 3 }), 10);
    expect(new Set(sequence).size).toBe(10);
    expect(masks(new Layer(0.5, { seed: 3 }), 10)).toEqual(sequence);
    expect(masks(new Layer(0.5, { seed: 4 }), 10)).not.toEqual(sequence);
    expect(new Set([...masks(new Layer(), 10), ...masks(new Layer(), 10)]).size).toBe(20);
  });

  test("is the identity after eval(), with a gradient and a handle of its own", () => {
    const before = memory();
    const layer = new Layer(0.9).eval();
    const x = randn(shape, { requiresGrad: true });
    const out = layer.forward(x);
    expectSame(out.data, x.data);
    out.sum().backward();
    expectSame(x.grad?.data ?? [], new Float32Array(256).fill(1));
    out.dispose();
    expect(x.data.length).toBe(256);
    expect(layer.train().parameters()).toEqual([]);
    x.dispose();
    expect(memory()).toEqual(before);
  });

  test("goes on with the same mask after a call that failed", () => {
    const [layer, gone] = [new Layer(0.5, { seed: 3 }), randn(shape)];
    gone.dispose();
    expectError(() => layer.forward(gone), "disposed", /was disposed/);
    expect(masks(layer, 3)).toEqual(masks(new Layer(0.5, { seed: 3 }), 3));
  });

  test("leaves memory flat over 10,000 calls", () => {
    const [layer, x] = [new Layer(0.5, { seed: 1 }), randn(shape, { requiresGrad: true })];
    const before = memory();
    for (let i = 0; i < 10_000; i++) (i === 5000 ? layer.eval() : layer).forward(x).dispose();
    expect(memory()).toEqual(before);
    x.dispose();
  });

  test("refuses shares and seeds that are none", () => {
    for (const p of [-0.1, 1.5, null, "0.5"]) {
      expectError(() => new Layer(p as number), "option", new RegExp(`new nn.${Layer.name}\\(p, options\\): p is .*from 0 to 1`));
    }
    expectError(() => new Layer(0.5, { seed: 0.5 }), "option", /seed is 0.5, expected an integer/);
    expectError(() => new Layer(0.5, { inplace: true } as never), "option", /no option "inplace"/);
  });

  test("refuses what is no tensor", () => {
    for (const layer of [new Layer(), new Layer().eval()]) {
      expectError(() => layer.forward([1] as never), "shape", new RegExp(`${Layer.name}: input is an array of 1, expected a Tensor`));
    }
  });
}
