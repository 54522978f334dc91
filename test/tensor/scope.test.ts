// tidy: what it frees and what it lets out.
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memory, type Tensor, tensor, tidy } from "../../src/index.js";
import { tidyUnlessAsync } from "../../src/tensor/scope.js";
import { expectError } from "../helpers/errors.js";

interface Nested {
  list?: Nested;
  t?: Tensor;
}

let before = memory();
beforeEach(() => {
  before = memory();
});
afterEach(() => {
  expect(memory()).toEqual(before);
});

describe("tidy", () => {
  test("frees what was made and not returned", () => {
    const a = tensor([1, 2]);
    const out = tidy(() => a.mul(2).add(1).exp().log());
    expect(memory().tensors).toBe(before.tensors + 2);
    expect(out.shape).toEqual([2]);
    for (const made of [a, out]) made.dispose();
  });

  test("lets out tensors in arrays and objects, however deep, and what else was returned", () => {
    const result = tidy(() => {
      tensor([9]);
      return { list: [tensor([1]), [tensor([2])]], named: { a: tensor([3]), n: 5 }, none: null, view: new Float32Array(3) } as const;
    });
    expect(memory().tensors).toBe(before.tensors + 3);
    expect(result.named.n).toBe(5);
    for (const made of [result.list[0], result.list[1][0], result.named.a]) made.dispose();
  });

  test("does not lose its way in circles", () => {
    const circle: { self?: unknown; a?: Tensor } = {};
    circle.self = circle;
    tidy(() => {
      circle.a = tensor([1]);
      return circle;
    });
    expect(circle.a?.item()).toBe(1);
    circle.a?.dispose();
  });

  test("does not walk the graph behind a tensor it lets out", () => {
    const a = tensor([1], [1], { requiresGrad: true });
    const out = tidy(() => {
      let last = a.add(1);
      for (let i = 0; i < 20_000; i++) last = last.add(1);
      return last;
    });
    expect(tidy(() => ({ out })).out).toBe(out);
    out.dispose();
    a.dispose();
  });

  test("leaves alone what was made before, and hands inner results to the outer scope", () => {
    const outside = tensor([1]);
    let inner: Tensor | undefined;
    tidy(() => {
      inner = tidy(() => outside.mul(2));
      expect(inner.item()).toBe(2);
    });
    expectError(() => inner?.item(), "disposed", /tensor of shape \[1\] was disposed; use it before dispose\(\) or the end of tidy\(\)/);
    expect(outside.item()).toBe(1);
    expect(tidy(() => outside)).toBe(outside);
    outside.dispose();
  });

  test("frees everything when its function throws, at every depth", () => {
    const fail = () =>
      tidy(() => {
        tensor([1]);
        tidy(() => {
          tensor([2]);
          throw new Error("on purpose");
        });
      });
    expect(fail).toThrow("on purpose");
    tensor([3]).dispose();
  });

  test("does not mind what was disposed of inside", () => {
    tidy(() => {
      const a = tensor([1]);
      a.dispose();
      a.dispose();
      return [a];
    });
  });

  test("rejects a function that returns a promise, and frees what it made", () => {
    expectError(() => tidy(async () => tensor([1])), "option", /tidy\(fn\): fn returned a promise.*call dispose\(\) yourself/);
  });

  test("keeps the tensors in maps and sets", () => {
    const map = tidy(() => new Map([["a", tensor([1])]]));
    const set = tidy(() => new Set([tensor([2])]));
    const kept = [...map.values(), ...set];
    expect(kept.map((one) => one.item())).toEqual([1, 2]);
    for (const one of kept) one.dispose();
  });

  test("keeps the tensors that are keys of maps, and in what maps hold as properties", () => {
    const map = tidy(() => Object.assign(new Map([[tensor([1]), tensor([2])]]), { property: tensor([3]) }));
    const kept = [...[...map].flat(), map.property];
    expect(kept.map((one) => one.item())).toEqual([1, 2, 3]);
    for (const one of kept) one.dispose();
  });

  test("keeps the tensors in arrays, objects, maps and sets of another context", () => {
    const shapes = ["[t]", "({ t })", "new Map([[1, t]])", "new Map([[t, 1]])", "new Set([t])", "[new Set([new Map([[{ t }, 1]])])]"];
    for (const shape of shapes) {
      let made: Tensor | undefined;
      tidy(() => {
        made = tensor([7]);
        return runInNewContext(`(t) => ${shape}`)(made);
      });
      expect(made?.item(), shape).toBe(7);
      made?.dispose();
    }
  });

  test("is not misled by what is only called a map", () => {
    const odd = [
      Object.create(Map.prototype),
      Object.create(Set.prototype),
      { [Symbol.toStringTag]: "Map" },
      { [Symbol.toStringTag]: "Set" },
    ];
    const kept = tidy(() => odd.map((one) => Object.assign(one, { t: tensor([1]) }))).map(({ t }) => t);
    expect(kept.map((one) => one.item())).toEqual([1, 1, 1, 1]);
    for (const one of kept) one.dispose();
  });

  test("lets out what is nested deeper than the stack", () => {
    const nested = tidy(() => {
      tensor([9]);
      let list: Nested = { t: tensor([7]) };
      for (let i = 0; i < 200_000; i++) list = { list };
      return list;
    });
    let inner = nested;
    while (inner.list) inner = inner.list;
    expect(inner.t?.item()).toBe(7);
    inner.t?.dispose();
  });

  test("frees everything where what was returned cannot be looked through", () => {
    const odd = {
      get broken() {
        throw new Error("on purpose");
      },
    };
    expect(() => tidy(() => [tensor([1]), odd])).toThrow("on purpose");
  });

  test("a promise it rejects cannot fail unheard later", async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => unheard.push(reason);
    process.on("unhandledRejection", hear);
    const late = async () => {
      const a = tensor([1]);
      await null;
      return a.add(1);
    };
    expectError(() => tidy(late), "option", /returned a promise/);
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off("unhandledRejection", hear);
    expect(unheard).toEqual([]);
  });
});

describe("tidyUnlessAsync", () => {
  test("frees as tidy does, but nothing of a function that goes on later", async () => {
    const out = tidyUnlessAsync(() => tensor([1]).add(1));
    expect(memory().tensors).toBe(before.tensors + 1);
    out.dispose();
    const later = await tidyUnlessAsync(async () => {
      const a = tensor([1]);
      await null;
      const sum = a.add(2);
      a.dispose();
      return sum;
    });
    expect(later.item()).toBe(3);
    later.dispose();
  });

  test("hands what a later function made to the scope around it", () => {
    tidy(() => {
      void tidyUnlessAsync(async () => tensor([1]));
    });
  });
});
