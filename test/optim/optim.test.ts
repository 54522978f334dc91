// SGD and Adam in float64, the rules of all optimisers, and the memory of a long run.
import { describe, expect, test } from "vitest";
import { binaryCrossEntropy, LovaszError, lovaszHinge, memory, nn, optim, randn, tensor, tidy } from "../../src/index.js";
import { memorySize } from "../../src/wasm/memory.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { follow, lengths } from "../helpers/follow.js";
import { normals } from "../helpers/random.js";

type lovaszTensor = ReturnType<typeof tensor>;

describe("SGD", () => {
  test.each(lengths)("moves %i parameters by momentum, weight decay and learning rate", (n) => {
    follow(
      (parameters) => new optim.SGD(parameters, { lr: 0.1, momentum: 0.9, weightDecay: 0.01 }),
      (p, g, state) => {
        state.v = 0.9 * state.v + g + 0.01 * p;
        return p - 0.1 * state.v;
      },
      n,
    );
  });

  test("is plain gradient descent by default", () => {
    const p = tensor([1, 2], undefined, { requiresGrad: true });
    const sgd = new optim.SGD([p], { lr: 0.5 });
    for (const expected of [
      [0.5, 1.5],
      [0, 1],
    ]) {
      p.sum().backward();
      sgd.step();
      sgd.zeroGrad();
      expect(p.toArray()).toEqual(expected);
    }
  });
});

describe("Adam", () => {
  test.each(lengths)("moves %i parameters as algorithm 1 has it", (n) => {
    follow(
      (parameters) => new optim.Adam(parameters, { lr: 0.05, betas: [0.8, 0.9], eps: 1e-6, weightDecay: 0.02 }),
      (p, gradient, state, t) => {
        const g = gradient + 0.02 * p;
        state.m = 0.8 * state.m + 0.2 * g;
        state.v = 0.9 * state.v + 0.1 * g * g;
        return p - (0.05 * (state.m / (1 - 0.8 ** t))) / (Math.sqrt(state.v / (1 - 0.9 ** t)) + 1e-6);
      },
      n,
    );
  });

  test("finds the least of a bowl", () => {
    const p = tensor([4, -3], undefined, { requiresGrad: true });
    const adam = new optim.Adam([p], { lr: 0.1 });
    for (let i = 0; i < 400; i++) {
      tidy(() =>
        p
          .sub(tensor([1, 2]))
          .pow(2)
          .sum()
          .backward(),
      );
      adam.step();
      adam.zeroGrad();
    }
    expectClose(p.data, [1, 2], { absolute: 1e-2 });
  });
});

describe.each([
  { name: "SGD", make: (parameters: lovaszTensor[], lr?: number) => new optim.SGD(parameters, { lr: lr ?? 0.1 }) },
  { name: "Adam", make: (parameters: lovaszTensor[], lr?: number) => new optim.Adam(parameters, { lr }) },
  { name: "AdamW", make: (parameters: lovaszTensor[], lr?: number) => new optim.AdamW(parameters, { lr }) },
])("$name", ({ make }) => {
  test("leaves parameters without gradient alone, and frees gradients with zeroGrad and state with dispose", () => {
    const before = memory();
    const [used, idle] = [tensor([1], undefined, { requiresGrad: true }), tensor([5], undefined, { requiresGrad: true })];
    const optimizer = make([used, idle]);
    tidy(() => used.mul(2).sum().backward());
    optimizer.step();
    optimizer.zeroGrad();
    expect(used.grad).toBeNull();
    expect(idle.item()).toBe(5);
    expect(used.item()).not.toBe(1);
    for (const made of [used, idle, optimizer]) made.dispose();
    expect(memory()).toEqual(before);
  });

  test("keeps its state through tidy, and takes a new learning rate between steps", () => {
    const p = tensor([1], undefined, { requiresGrad: true });
    const optimizer = make([p]);
    const step = () =>
      tidy(() => {
        p.mul(1).sum().backward();
        optimizer.step();
        optimizer.zeroGrad();
      });
    step();
    optimizer.lr = 0;
    const before = p.item();
    step();
    expect(p.item()).toBe(before);
  });

  test("moves all parameters or none, and counts no step, where one gradient or parameter is gone", () => {
    const start = () => [1, 2, 3].map((value) => tensor([value], [1], { requiresGrad: true }));
    const [parameters, others] = [start(), start()];
    const [optimizer, other] = [make(parameters), make(others)];
    const values = (all: lovaszTensor[]) => all.map((one) => one.item());
    const give = (all: lovaszTensor[]) => {
      for (const one of all) one.grad = tensor([1]);
    };
    for (let round = 0; round < 3; round++) {
      const before = values(parameters);
      give(parameters);
      parameters[2].grad?.dispose();
      expectError(() => optimizer.step(), "disposed", /step\(\): the grad of parameters\[2\], a tensor of shape \[1\], was disposed/);
      expect(values(parameters)).toEqual(before);
      // as if that step had never been asked for
      give(parameters);
      give(others);
      optimizer.step();
      other.step();
      expect(values(parameters)).toEqual(values(others));
    }
    parameters[1].dispose();
    give(parameters);
    const before = parameters[0].item();
    expectError(() => optimizer.step(), "disposed", /step\(\): parameters\[1\], a tensor of shape \[1\], was disposed/);
    expect(parameters[0].item()).toBe(before);
  });

  test("starts anew after dispose(), as if just made", () => {
    const [p, q] = [1, 1].map((value) => tensor([value], [1], { requiresGrad: true }));
    const optimizer = make([p]);
    const step = (one: lovaszTensor, by: optim.Optimizer, gradient: number) => {
      one.grad = tensor([gradient]);
      by.step();
    };
    step(p, optimizer, 3);
    optimizer.dispose();
    q.data.set(p.data);
    const fresh = make([q]);
    step(p, optimizer, 0.5);
    step(q, fresh, 0.5);
    expect(p.item()).toBe(q.item());
  });

  test("takes a copy of the parameters before it checks them", () => {
    const [p, q] = [tensor([1], [1], { requiresGrad: true }), tensor([1])];
    let reads = 0;
    const list = new Proxy([p], {
      get: (target, key) => (key === "0" ? [p, q][Math.min(1, reads++)] : Reflect.get(target, key)),
    });
    expect(make(list).parameters).toEqual([p]);
    expect(reads).toBe(1);
  });

  test("refuses what it cannot move", () => {
    expectError(() => make([]), "option", /parameters is an array of 0/);
    expectError(() => make([3 as never]), "option", /parameters\[0\] is 3, expected a Tensor made with/);
    expectError(() => make(undefined as never), "option", /parameters is undefined/);
    const p = tensor([1], undefined, { requiresGrad: true });
    expectError(() => make([p], -1), "option", /lr is -1/);
    for (const wrong of [-1, NaN, Infinity, "0.1", undefined, null]) {
      const optimizer = make([p], 0.5);
      const set = () => {
        optimizer.lr = wrong as number;
      };
      expectError(set, "option", /^new optim\.\w+\(parameters, options\): lr is .*, expected a finite number from 0 to 1e\+18$/);
      expect(optimizer.lr).toBe(0.5);
      optimizer.dispose();
    }
    p.requiresGrad = false;
    expectError(() => make([p]), "option", /an operator.s result or has no requiresGrad/);
  });
});

test("2,000 training steps leave memory where 20 left it", () => {
  const net = new nn.UNet({ inChannels: 1, width: 2 });
  const adam = new optim.Adam(net.parameters(), { lr: 1e-3 });
  const labels = Uint8Array.from({ length: 2 * 64 }, (_, i) => (i >> 2) & 1);
  const step = (seed: number) =>
    tidy(() => {
      const logits = net.forward(randn([2, 1, 8, 8], { seed }));
      binaryCrossEntropy(logits, labels).add(lovaszHinge(logits, labels)).backward();
      adam.step();
      adam.zeroGrad();
    });
  for (let i = 0; i < 20; i++) step(i);
  const [early, size] = [memory(), memorySize()];
  for (let i = 20; i < 2000; i++) step(i);
  expect(memory()).toEqual(early);
  expect(memorySize()).toBe(size);
});

test("the same holds where nobody tidies up and backward() alone frees the graph", () => {
  const p = tensor(normals(1000), undefined, { requiresGrad: true });
  const sgd = new optim.SGD([p], { lr: 0.01, momentum: 0.9 });
  const step = () => {
    const loss = p.mul(p).mul(0.5).sum();
    loss.backward();
    sgd.step();
    sgd.zeroGrad();
  };
  for (let i = 0; i < 20; i++) step();
  const [early, size] = [memory(), memorySize()];
  for (let i = 0; i < 2000; i++) step();
  expect(memory()).toEqual(early);
  expect(memorySize()).toBe(size);
});

test("options are held to what float32 computes with: one step from ordinary numbers is finite, or the option is refused", () => {
  const extremes = [0, -0, 1e-320, 1e-46, 1e-20, 1e-8, 1, 1e18, 1e30, 3.4e38, 1e39, 1e308];
  const ofAdam = ["lr", "weightDecay", "eps"] as const;
  const names = { SGD: ["lr", "momentum", "weightDecay"], Adam: ofAdam, AdamW: ofAdam } as const;
  for (const kind of ["SGD", "Adam", "AdamW"] as const) {
    for (const name of names[kind]) {
      for (const other of names[kind]) {
        for (const value of extremes) {
          const p = tensor([0, 1, -2, 1e-30], undefined, { requiresGrad: true });
          p.grad = tensor([0, 1, -0.5, 1e-30]);
          const make = () => new optim[kind]([p], { lr: 0.1, [other]: 1, [name]: value } as never);
          if (name === "eps" ? value < 1e-20 || value > 3.41e38 : value > 1e18) {
            expect(make).toThrow(LovaszError);
          } else {
            const optimizer = make();
            optimizer.step();
            expect(p.data.every(Number.isFinite), `${kind} ${name} ${value} ${other}`).toBe(true);
            optimizer.dispose();
          }
        }
      }
    }
  }
  const p = tensor([1], undefined, { requiresGrad: true });
  expectError(
    () => new optim.Adam([p], { betas: [1 - 1e-16, 0.999] }),
    "option",
    /betas is .*, expected two numbers from 0 to less than 1 in float32/,
  );
  expectError(() => new optim.Adam([p], { eps: 0 }), "option", /eps is 0, expected a finite number of at least 1e-20/);
});

test("a parameter listed twice, or disposed of, is refused", () => {
  const one = tensor([1], [1], { requiresGrad: true });
  expectError(() => new optim.SGD([one, one], { lr: 1 }), "option", /parameters\[1\] was listed before/);
  one.dispose();
  expectError(() => new optim.Adam([one]), "disposed", /was disposed/);
});

test("Adam reads each option once", () => {
  let reads = 0;
  const options = {
    get betas(): [number, number] {
      reads += 1;
      return reads === 1 ? [0.5, 0.5] : [2, 2];
    },
  };
  expect(new optim.Adam([tensor([1], [1], { requiresGrad: true })], options).betas).toEqual([0.5, 0.5]);
});

test("the first step of Adam is the learning rate, however slowly the mean square decays", () => {
  for (const beta of [0.9, 0.999, 0.9999, 0.99999, 0.999999]) {
    const p = tensor([0], [1], { requiresGrad: true });
    const adam = new optim.Adam([p], { lr: 1, betas: [beta, beta] });
    p.grad = tensor([1]);
    adam.step();
    expect(Math.abs(p.item() + 1), `betas of ${beta}`).toBeLessThan(2e-7);
    for (const made of [p, adam]) made.dispose();
  }
});
