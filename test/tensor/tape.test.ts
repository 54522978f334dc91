// The tape: what gets a gradient, what backward() frees, and that nothing stays behind.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { add, exp, LovaszError, memory, mul, noGrad, sigmoid, sum, Tensor, tensor, tidy } from "../../src/index.js";
import { record } from "../../src/tensor/tape.js";
import { expectClose, expectSame } from "../helpers/closeTo.js";
import { collect } from "../helpers/collect.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";

const leaf = (...values: number[]) => tensor(values, [values.length], { requiresGrad: true });
const gradient = (a: Tensor) => [...(a.grad?.data ?? [])];
const dispose = (...tensors: Tensor[]) => {
  for (const one of tensors) one.dispose();
};

// every test here gives back all it took
let before = memory();
beforeEach(() => {
  before = memory();
});
afterEach(() => {
  expect(memory()).toEqual(before);
});

describe("backward", () => {
  test("reaches every input along every way", () => {
    gradCheck(
      (a, b) => a.mul(b).add(a.exp().mul(b.sigmoid())).sub(a),
      [
        { shape: [2, 3], values: normals(6, 1) },
        { shape: [3], values: normals(3, 2) },
      ],
    );
  });

  test("adds up what comes from a tensor used twice, also by one operator", () => {
    const a = leaf(1, 2, 3);
    const out = a.add(a).add(a.mul(a)).sum();
    out.backward();
    expect(gradient(a)).toEqual([4, 6, 8]);
    dispose(a, out);
  });

  test("adds up through shared and unshared gradients without writing into either", () => {
    // add hands both inputs the very gradient that came in
    const [a, b, upstream] = [leaf(1, 2), leaf(3, 4), tensor([1, 10])];
    const sums = [a.add(b), b.add(a), a.add(a)];
    const out = sums[0].add(sums[1]).add(sums[2]);
    out.backward(upstream);
    expect(gradient(a)).toEqual([4, 40]);
    expect(gradient(b)).toEqual([2, 20]);
    expectSame(upstream.data, [1, 10]);
    (a.grad as Tensor).data.fill(0);
    expect(gradient(b)).toEqual([2, 20]);
    dispose(a, b, upstream, out);
  });

  test("goes through a graph of many levels without recursion", () => {
    const a = leaf(1);
    let out: Tensor = a;
    for (let i = 0; i < 20_000; i++) out = out.add(1);
    out.backward();
    expect(gradient(a)).toEqual([1]);
    dispose(a, out);
  });

  test("visits a diamond of diamonds once each", () => {
    const a = leaf(1);
    let out: Tensor = a;
    for (let i = 0; i < 60; i++) out = tidy(() => mul(add(out, out), 0.5));
    out.backward();
    expect(gradient(a)).toEqual([1]);
    dispose(a, out);
  });

  test("adds to the gradient that is there", () => {
    const a = leaf(1, 2);
    for (let i = 1; i <= 3; i++) {
      const out = a.mul(2).sum();
      out.backward();
      expect(gradient(a)).toEqual([2 * i, 2 * i]);
      out.dispose();
    }
    a.dispose();
  });

  test("starts anew after the gradient is taken away or disposed of", () => {
    const a = leaf(1, 2);
    const step = () => tidy(() => a.mul(2).sum().backward());
    step();
    a.grad?.dispose();
    step();
    expect(gradient(a)).toEqual([2, 2]);
    a.grad?.dispose();
    a.grad = null;
    step();
    expect(gradient(a)).toEqual([2, 2]);
    a.dispose();
  });

  test("of a leaf itself is the upstream gradient, copied", () => {
    const [a, upstream] = [leaf(1, 2), tensor([3, 4])];
    a.backward(upstream);
    upstream.data.fill(0);
    expect(gradient(a)).toEqual([3, 4]);
    const b = tensor(5, [], { requiresGrad: true });
    b.backward();
    b.backward();
    expect(b.grad?.item()).toBe(2);
    dispose(a, b, upstream);
  });

  test("takes an upstream gradient as a tensor, an array, nested or typed, or a number", () => {
    for (const upstream of [
      [
        [1, 2],
        [3, 4],
      ],
      new Float32Array([1, 2, 3, 4]),
      tensor([1, 2, 3, 4], [2, 2]),
    ]) {
      const a = tensor([1, 1, 1, 1], [2, 2], { requiresGrad: true });
      const out = a.mul(3);
      out.backward(upstream);
      expect(gradient(a)).toEqual([3, 6, 9, 12]);
      dispose(a, out);
      if (upstream instanceof Tensor) upstream.dispose();
    }
    const a = leaf(2);
    const out = a.mul(3);
    out.backward(5);
    expect(gradient(a)).toEqual([15]);
    dispose(a, out);
  });

  test("frees what operators made on the way, but not the result, the leaves and what was detached", () => {
    const a = leaf(1, 2);
    const middle = a.exp();
    const kept = middle.detach();
    const out = middle.mul(middle).sum();
    out.backward();
    // a, its gradient, what was detached; the result waits outside the core's memory
    expect(memory().tensors).toBe(before.tensors + 3);
    expect(out.item()).toBeCloseTo(Math.exp(2) + Math.exp(4), 4);
    expectClose(kept.data, [Math.E, Math.E ** 2]);
    expectError(
      () => middle.data,
      "disposed",
      /tensor of shape \[2\] was freed by backward\(\); read it before, keep detach\(\) of it, or pass \{ retainGraph: true \}/,
    );
    dispose(a, kept, out, middle);
  });

  test("leaves a result that can be computed with, outside the graph that is gone", () => {
    const a = leaf(1, 2);
    const out = a.mul(3);
    out.backward([1, 1]);
    expect(out.toArray()).toEqual([3, 6]);
    const [twice, view] = [noGrad(() => out.mul(2)), out.detach()];
    expect(twice.toArray()).toEqual([6, 12]);
    out.data[0] = 7;
    expect(view.toArray()).toEqual([7, 6]);
    expect(out.toArray()).toEqual([7, 6]);
    dispose(a, out, twice, view);
  });

  test("a second time is an error that says how to avoid it", () => {
    const a = leaf(1, 2);
    const out = a.exp().sum();
    out.backward();
    expectError(
      () => out.backward(),
      "disposed",
      /the graph behind a tensor of shape \[\] was freed by an earlier backward\(\); pass \{ retainGraph: true \}/,
    );
    // neither through a new operator, nor through an intermediate that a second result shares
    const further = out.mul(2);
    expectError(() => further.backward(), "disposed", /was freed by an earlier backward/);
    dispose(out, further);

    const middle = a.mul(2);
    const [one, other] = [middle.sum(), tidy(() => middle.exp().sum())];
    const first = gradient(a);
    one.backward();
    const second = gradient(a);
    expectError(() => other.backward(), "disposed", /a tensor of shape \[2\] was freed by an earlier backward/);
    expect(gradient(a)).toEqual(second);
    expect(second).not.toEqual(first);
    dispose(a, one, other);
  });

  test("can be repeated with retainGraph, and then frees as usual", () => {
    const a = leaf(1, 2);
    const middle = a.mul(a);
    const out = middle.sum();
    out.backward({ retainGraph: true });
    expect(middle.toArray()).toEqual([1, 4]);
    out.backward(undefined, { retainGraph: true });
    out.backward(10, { retainGraph: false });
    expect(gradient(a)).toEqual([24, 48]);
    expectError(() => out.backward(), "disposed", /freed by an earlier backward/);
    dispose(a, out, middle);
  });

  test("needs no handle on what lies between, nor on the inputs", () => {
    const [a, b] = [leaf(1, 2), leaf(3, 4)];
    const product = a.mul(b);
    const out = product.sum();
    dispose(product, b);
    out.backward();
    expect(gradient(a)).toEqual([3, 4]);
    expect(b.grad).toBeNull();
    dispose(a, out);
  });

  test("survives tidy, whose end frees only handles", () => {
    const a = leaf(1, 2);
    const out = tidy(() => a.exp().mul(a.mul(3)).sum());
    out.backward();
    expectClose(gradient(a), [6 * Math.E, 9 * Math.E ** 2]);
    dispose(a, out);
  });

  test("inside tidy leaves gradients that outlive it", () => {
    const a = leaf(1, 2);
    tidy(() => a.mul(3).sum().backward());
    expect(gradient(a)).toEqual([3, 3]);
    a.dispose();
  });

  test("rejects a tensor without a graph, an upstream of another shape, and options it does not know", () => {
    const [constant, a] = [tensor([1, 2]), leaf(1, 2)];
    const [out, total] = [a.mul(2), a.sum()];
    expectError(
      () => constant.backward([1, 1]),
      "option",
      /this tensor does not depend on any tensor with requiresGrad; make inputs with \{ requiresGrad: true \}/,
    );
    expectError(() => out.backward(), "shape", /no upstream gradient was given, expected one of shape \[2\]/);
    const three = tensor([1, 2, 3]);
    expectError(() => out.backward(three), "shape", /upstream has shape \[3\], expected one of shape \[2\]/);
    expectError(() => out.backward([1, 2, 3]), "shape", /values has 3 numbers, expected 2/);
    expectError(() => out.backward(null as unknown as number), "shape", /values is null/);
    expectError(
      () => total.backward({ retain: true } as object),
      "option",
      /backward\(upstream, options\) has no option "retain"; it knows retainGraph/,
    );
    expectError(() => total.backward({ retainGraph: 1 } as object), "option", /retainGraph is 1, expected true or false/);
    const two = tensor([1, 2]);
    dispose(two, three);
    expectError(() => out.backward(two), "disposed", /tensor of shape \[2\] was disposed/);
    // nothing of this hurt the graph
    out.backward([1, 1]);
    total.backward();
    expect(gradient(a)).toEqual([3, 3]);
    dispose(constant, a, out, total);
    expectError(() => total.backward(), "disposed", /was disposed/);
  });

  describe("that throws half-way", () => {
    // a graph whose second node fails while `broken.now`
    const breaking = () => {
      const [a, b, broken] = [leaf(1), leaf(2), { now: true }];
      const odd = record(Tensor.empty([1]), [a], [a], () => (upstream) => {
        exp(upstream);
        if (broken.now) throw new Error("on purpose");
        return [upstream.mul(5)];
      });
      return { a, b, odd, out: odd.mul(b), broken };
    };

    test("leaves every gradient as it was, and with retainGraph the graph whole", () => {
      const { a, b, odd, out, broken } = breaking();
      const held = memory();
      expect(() => out.backward({ retainGraph: true })).toThrow("on purpose");
      expect([a.grad, b.grad]).toEqual([null, null]);
      expect(memory()).toEqual(held);
      broken.now = false;
      out.backward();
      expect(gradient(a)).toEqual([10]);
      dispose(a, b, odd, out);
    });

    test("frees the graph otherwise, and says so to who walks it again", () => {
      const { a, b, odd, out, broken } = breaking();
      expect(() => out.backward()).toThrow("on purpose");
      broken.now = false;
      expect([a.grad, b.grad]).toEqual([null, null]);
      // the leaves; the result waits outside the core's memory
      expect(memory().tensors).toBe(before.tensors + 2);
      for (const again of [out, out.mul(2)])
        expectError(() => again.backward(), "disposed", /the graph behind a tensor of shape \[1\] was freed by an earlier backward\(\)/);
      expectError(() => odd.data, "disposed", /was freed by backward\(\)/);
      dispose(a, b, out);
      return collect(() => memory().tensors === before.tensors);
    });

    test("before anything was freed leaves the graph whole", () => {
      const a = leaf(1);
      let isBroken = true;
      const out = record(Tensor.empty([1]), [a], [a], (saved) => () => {
        if (isBroken) throw new Error("on purpose");
        return [saved.mul(5)];
      });
      expect(() => out.backward()).toThrow("on purpose");
      isBroken = false;
      out.backward();
      expect(gradient(a)).toEqual([5]);
      dispose(a, out);
    });
  });

  test("frees what a node saved as soon as its gradient was passed on", () => {
    const a = leaf(...normals(1000, 1));
    const seen: number[] = [];
    const watched = (x: Tensor) =>
      record(x.detach(), [x], [x], () => (upstream) => {
        seen.push(memory().bytes - before.bytes);
        return [upstream.mul(1)];
      });
    const out = tidy(() => {
      let current: Tensor = a;
      for (let i = 0; i < 4; i++) current = watched(current.exp());
      return current.sum();
    });
    out.backward();
    for (let i = 1; i < seen.length; i++) expect(seen[i]).toBe(seen[0] - 4000 * i);
    dispose(a, out);
  });

  test("overwrites a gradient only where nothing else reads it", () => {
    const [a, upstream] = [leaf(1, -2), tensor([3, 4])];
    const out = a.relu();
    out.backward(upstream, { retainGraph: true });
    out.backward(upstream);
    expectSame(upstream.data, [3, 4]);
    expect(gradient(a)).toEqual([6, 0]);
    const b = leaf(1, -2);
    // add hands the gradient that comes in to both of its inputs
    const both = tidy(() => b.relu().add(b.neg().relu()).sum());
    both.backward();
    expect(gradient(b)).toEqual([1, -1]);
    dispose(a, upstream, out, b, both);
  });
});

describe("disposing of a graph without backward", () => {
  test("frees all that it saved, in whatever order handles go", () => {
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ]) {
      const a = leaf(1, 2);
      const b = a.exp();
      const c = b.mul(b);
      const d = c.sigmoid().sum();
      const held = [a, b, c, d];
      tidy(() => sum(c)).dispose();
      for (const i of order) held[i].dispose();
    }
    // what no handle named, sigmoid's result, is the collector's
    return collect(() => memory().tensors === before.tensors);
  });

  test("keeps the graph of what is still held", () => {
    const a = leaf(1, 2);
    const b = a.exp();
    b.mul(2).dispose();
    b.backward([1, 1]);
    expectClose(gradient(a), [Math.E, Math.E ** 2]);
    dispose(a, b);
  });

  test("keeps what another result still needs", () => {
    const a = leaf(1, 2);
    const b = a.exp();
    const [c, d] = [b.mul(2), b.mul(3)];
    dispose(b, c);
    d.backward([1, 1]);
    expectClose(gradient(a), [3 * Math.E, 3 * Math.E ** 2]);
    dispose(a, d);
  });
});

describe("requiresGrad", () => {
  test("passes from any input to the result", () => {
    const [a, b] = [leaf(1), tensor([2])];
    const outs = [a.mul(b), b.mul(a), b.mul(b), a.detach(), noGrad(() => a.mul(a))];
    expect(outs.map((out) => out.requiresGrad)).toEqual([true, true, false, false, false]);
    dispose(a, b, ...outs);
  });

  test("may change on what no operator made, and then counts from there on", () => {
    const a = tensor([2]);
    const earlier = a.mul(3);
    a.requiresGrad = true;
    const later = a.mul(3);
    expect([earlier.requiresGrad, later.requiresGrad]).toEqual([false, true]);
    a.requiresGrad = false;
    later.backward();
    expect(a.grad).toBeNull();
    dispose(a, earlier, later);
  });

  test("of an operator's result is fixed", () => {
    const a = leaf(2);
    const out = a.mul(3);
    expect(() => {
      out.requiresGrad = false;
    }).toThrow(LovaszError);
    const own = out.detach();
    own.requiresGrad = true;
    const further = own.mul(2);
    further.backward();
    expect(gradient(own)).toEqual([2]);
    expect(a.grad).toBeNull();
    dispose(a, out, own, further);
  });
});

describe("noGrad", () => {
  test("records nothing within, and again afterwards, whatever happens", () => {
    const a = leaf(1);
    expect(() =>
      noGrad(() => {
        noGrad(() => 0);
        const out = a.mul(2);
        expect(out.requiresGrad).toBe(false);
        out.dispose();
        throw new Error("on purpose");
      }),
    ).toThrow("on purpose");
    const out = sigmoid(a);
    expect(out.requiresGrad).toBe(true);
    dispose(a, out);
  });
});

describe("the garbage collector", () => {
  test("frees tensors and graphs that nobody holds", async () => {
    const forget = () => {
      const a = leaf(1, 2, 3);
      a.exp().mul(a).sum();
      a.mul(2).sum().backward();
      a.detach();
    };
    for (let i = 0; i < 100; i++) forget();
    expect(memory().tensors).toBeGreaterThan(before.tensors);
    await collect(() => memory().tensors === before.tensors);
  });

  test("leaves what the graph of a held result needs", async () => {
    const make = () => {
      const a = leaf(1, 2);
      return { a, out: a.exp().mul(3).exp().sum() };
    };
    const { a, out } = make();
    await collect(() => false);
    out.backward();
    expectClose(
      gradient(a),
      [1, 2].map((x) => Math.exp(3 * Math.exp(x)) * 3 * Math.exp(x)),
      { relative: 1e-5 },
    );
    dispose(a, out);
    await collect(() => memory().tensors === before.tensors);
  });
});

test("noGrad rejects a function that returns a promise: what runs later would be recorded", () => {
  expectError(() => noGrad(async () => 1), "option", /noGrad\(fn\): fn returned a promise/);
});

test("an upstream gradient that is the grad of a leaf is what it was for the other leaves", () => {
  const [a, b] = [1, 2].map((value) => tensor([value, value], [2], { requiresGrad: true }));
  a.grad = tensor([1, 1]);
  b.grad = tensor([10, 10]);
  a.add(b).backward(a.grad);
  expect([a.grad.toArray(), b.grad.toArray()]).toEqual([
    [2, 2],
    [11, 11],
  ]);
  dispose(a, b);
});

test("a grad that is set within tidy lives as long as its tensor", () => {
  const before = memory();
  const x = tensor([1], [1], { requiresGrad: true });
  tidy(() => {
    x.grad = tensor([2]).mul(3);
  });
  expect(x.grad?.item()).toBe(6);
  x.dispose();
  tidy(() => {
    tensor([1], [1], { requiresGrad: true }).grad = tensor([2]);
  });
  expect(memory()).toEqual(before);
});
