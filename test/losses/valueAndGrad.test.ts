import { describe, expect, test } from "vitest";
import { type Loss, lovaszHinge, memory, noGrad, openDevice, type Tensor, tensor, tidy, valueAndGrad } from "../../src/index.js";
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

  // whatever the loss does with its input besides, the gradient is that of its result
  test.each<[string, (x: Tensor) => Tensor, number[]]>([
    ["disposes of its input", then((x) => x.dispose()), [2, 2]],
    [
      "disposes of its input twice",
      then((x) => {
        x.dispose();
        x.dispose();
      }),
      [2, 2],
    ],
    ["disposes of its input before the last operator", (x) => disposed(x, x.mul(x)).sum(), [2, 1]],
    ["disposes of its input after a fused loss", (x) => disposed(x, lovaszHinge(x, [1, 0])), [0, 0.5]],
    ["disposes of its input after a fused loss and an operator", (x) => disposed(x, lovaszHinge(x, [1, 0]).mul(2)), [0, 1]],
    ["frees what it makes", (x) => tidy(() => x.mul(2).sum()), [2, 2]],
    ["calls backward() on its input", then((x) => x.mul(3).sum().backward()), [2, 2]],
    ["calls backward() on a fused loss", then((x) => lovaszHinge(x, [1, 0]).backward()), [2, 2]],
    ["calls backward() before a fused loss", (x) => backwardFirst(x, () => lovaszHinge(x, [1, 0])), [0, 0.5]],
    ["calls backward() on its result and keeps the graph", (x) => kept(x.mul(2).sum()), [2, 2]],
    ["calls backward() on its result, a fused loss, and keeps the graph", (x) => kept(lovaszHinge(x, [1, 0])), [0, 0.5]],
    ["sets the grad of its input", then((x) => Object.assign(x, { grad: tensor([5, 5]) })), [2, 2]],
    ["stops to ask for the gradient of its input after use", then((x) => Object.assign(x, { requiresGrad: false })), [2, 2]],
    ["stops to ask for it after a fused loss", (x) => stoppedAsking(x, lovaszHinge(x, [1, 0])), [0, 0.5]],
    ["detaches a part", (x) => x.mul(2).sum().add(x.detach().sum()), [2, 2]],
    ["has another gradient taken inside", (x) => x.sum().mul(valueAndGrad((y: Tensor) => y.sum())([2]).value), [2, 2]],
  ])("gives the gradient of a loss that %s", async (_, loss, expected) => {
    const before = memory();
    const device = await openDevice("wasm");
    for (const { grad } of [
      valueAndGrad(loss)([1, 0.5]),
      await device.valueAndGrad(loss as unknown as Loss, Float32Array.of(1, 0.5), []),
    ]) {
      expect([...grad].map((slope) => slope + 0)).toEqual(expected);
    }
    expect(memory()).toEqual(before);
    await device.close();
  });

  test("gives the gradient of a loss that is its input", () => {
    expect(valueAndGrad((x: Tensor) => x)([3])).toEqual({ value: 3, grad: Float32Array.of(1) });
    expect(valueAndGrad((x: Tensor) => x.reshape([]))([3])).toEqual({ value: 3, grad: Float32Array.of(1) });
  });

  test("refuses a result whose graph the loss has freed", () => {
    const freed = (x: Tensor) => {
      const result = x.sum();
      result.backward();
      return result;
    };
    expectError(() => valueAndGrad(freed)([1]), "disposed", /was freed by an earlier backward\(\)/);
    expectError(() => valueAndGrad((x: Tensor) => disposed(x, x))([1]), "disposed", /was disposed/);
  });

  test("adds to the gradients of a model, but not within noGrad, and not where the loss throws", () => {
    const weight = tensor([3], [1], { requiresGrad: true });
    const loss = (x: Tensor) => disposed(x, x.mul(weight)).sum();
    expect([...valueAndGrad(loss)([2, 5]).grad]).toEqual([3, 3]);
    expect(weight.grad?.item()).toBe(7);
    expect([...noGrad(() => valueAndGrad(loss)([2, 5])).grad]).toEqual([3, 3]);
    const failing = (x: Tensor) => {
      loss(x);
      throw new Error("on purpose");
    };
    expect(() => valueAndGrad(failing)([2, 5])).toThrow("on purpose");
    expect(weight.grad?.item()).toBe(7);
    weight.dispose();
  });
});

const disposed = (x: Tensor, result: Tensor) => {
  x.dispose();
  return result;
};
const stoppedAsking = (x: Tensor, result: Tensor) => {
  x.requiresGrad = false;
  return result;
};
const backwardFirst = (x: Tensor, loss: () => Tensor) => {
  x.mul(3).sum().backward();
  return loss();
};
const kept = (result: Tensor) => {
  result.backward({ retainGraph: true });
  return result;
};
/** A loss of gradient 2 that does something to its input after use. */
function then(act: (x: Tensor) => unknown): (x: Tensor) => Tensor {
  return (x) => {
    const result = x.mul(2).sum();
    act(x);
    return result;
  };
}
