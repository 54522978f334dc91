import { describe, expect, test } from "vitest";
import { optim, tensor } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { follow, lengths } from "../helpers/follow.js";
import { normals } from "../helpers/random.js";

describe("AdamW", () => {
  test.each(lengths)("moves %i parameters as algorithm 2 has it, the decay apart from the gradient", (n) => {
    follow(
      (parameters) => new optim.AdamW(parameters, { lr: 0.05, betas: [0.8, 0.9], eps: 1e-6, weightDecay: 0.3 }),
      (p, g, state, t) => {
        state.m = 0.8 * state.m + 0.2 * g;
        state.v = 0.9 * state.v + 0.1 * g * g;
        return p * (1 - 0.05 * 0.3) - (0.05 * (state.m / (1 - 0.8 ** t))) / (Math.sqrt(state.v / (1 - 0.9 ** t)) + 1e-6);
      },
      n,
    );
  });

  test("decays by the learning rate of now times 0.01 by default, where the gradient is 0", () => {
    const p = tensor([4], undefined, { requiresGrad: true });
    const optimizer = new optim.AdamW([p]);
    expect([optimizer.lr, optimizer.weightDecay, optimizer.eps, ...optimizer.betas]).toEqual([0.001, 0.01, 1e-8, 0.9, 0.999]);
    optimizer.lr = 10;
    p.grad = tensor([0]);
    optimizer.step();
    expectClose([p.item()], [4 * (1 - 10 * 0.01)]);
  });

  test("without decay is Adam to the bit", () => {
    const [p, q] = [1, 1].map(() => tensor(normals(9, 3), [9], { requiresGrad: true }));
    const [adamW, adam] = [new optim.AdamW([p], { weightDecay: 0 }), new optim.Adam([q])];
    for (let i = 0; i < 5; i++) {
      p.grad = tensor(normals(9, i));
      q.grad = tensor(normals(9, i));
      adamW.step();
      adam.step();
    }
    expect(p.data).toEqual(q.data);
  });

  test("refuses what Adam refuses, in its own name", () => {
    const p = tensor([1], undefined, { requiresGrad: true });
    expectError(() => new optim.AdamW([p], { weightDecay: -1 }), "option", /^new optim\.AdamW\(parameters, options\): weightDecay is -1/);
    expectError(() => new optim.AdamW([p], { betas: [1, 0] }), "option", /betas is an array of 2, expected two numbers from 0 to less/);
    expectError(() => new optim.AdamW([p], { decay: 1 } as never), "option", /no option "decay"; it knows lr, betas, eps, weightDecay/);
  });
});
