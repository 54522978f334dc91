import { describe, expect, test } from "vitest";
import { lovaszHinge, memory, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import { expectError } from "../helpers/errors.js";
import { foreign } from "../helpers/oddArguments.js";

describe("valueAndGrad(loss)", () => {
  test("calls any function of a tensor on plain values", () => {
    expect(valueAndGrad((x: Tensor) => x.mul(x).sum())([1, -2, 3])).toEqual({ value: 14, grad: Float32Array.of(2, -4, 6) });
  });

  test("hands the shape to the input and the other options to the loss", () => {
    let seen: unknown;
    const loss = (x: Tensor, labels: number[], options?: object) => {
      seen = [x.shape, labels, options];
      return x.sum();
    };
    valueAndGrad(loss)([1, 2], [7], { shape: [2, 1], ignore: 3 } as object);
    expect(seen).toEqual([[2, 1], [7], { ignore: 3 }]);
  });

  test("writes into out, and otherwise never hands out memory that changes later", () => {
    const run = valueAndGrad(lovaszHinge);
    const out = new Float32Array(2);
    const first = run([0.5, -0.5], [0, 1], { out });
    expect(first.grad).toBe(out);
    const second = run([0.5, -0.5], [0, 1]);
    const kept = second.grad.slice();
    run([9, 9], [0, 1]);
    expect(second.grad).toEqual(kept);
    expect(second.grad).toEqual(out);
  });

  test("gives zeros for a loss that does not depend on its input", () => {
    const constant = valueAndGrad((x: Tensor) => x.detach().sum());
    expect(constant([1, 2])).toEqual({ value: 3, grad: new Float32Array(2) });
  });

  test("leaves nothing in memory, whether or not the loss throws", () => {
    const before = memory();
    valueAndGrad(lovaszHinge)([1, 2], [0, 1]);
    expectError(() => valueAndGrad((x: Tensor) => x)([1, 2]), "shape", /a Tensor of shape \[2\], expected a Tensor of one element/);
    expectError(() => valueAndGrad(lovaszHinge)([1, 2], [0, 1], { out: new Float32Array(3) }), "shape", /out is a Float32Array of 3/);
    expectError(() => valueAndGrad("hinge" as never), "option", /loss is "hinge"/);
    expect(memory()).toEqual(before);
  });

  test("refuses input that is none, options that are none, and a loss that is a promise", async () => {
    const call = valueAndGrad(lovaszHinge) as (...all: unknown[]) => unknown;
    expectError(() => call(null, [1], { out: new Float32Array(3) }), "shape", /out is a Float32Array of 3/);
    for (const options of [5, [], true, new Map([["shape", [1, 2]]]), new Float32Array(2), () => ({})])
      expectError(() => call([1, 2], [1, 0], options), "option", /options is .*expected an object/);
    const later = async (x: Tensor) => {
      await Promise.resolve();
      return x.sum();
    };
    expectError(() => valueAndGrad(later as never)([1]), "shape", /loss returned a value of type Promise/);
    // a rejection that nobody hears would end this process
    await new Promise((done) => setTimeout(done, 10));
  });

  test("writes to an array of another realm, and refuses one in the engine's memory", () => {
    const out = new (foreign("Float32Array"))([7, 7]);
    expect(valueAndGrad(lovaszHinge)([1, 2], [0, 1], { out }).grad).toBe(out);
    expect([...out]).toEqual([...valueAndGrad(lovaszHinge)([1, 2], [0, 1]).grad]);
    const kept = tensor([7, 7]);
    expectError(() => valueAndGrad(lovaszHinge)([1, 2], [0, 1], { out: kept.data }), "option", /out is a view of the engine's memory/);
    expect(kept.toArray()).toEqual([7, 7]);
    kept.dispose();
  });
});
