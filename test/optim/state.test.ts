// stateDict() and loadStateDict() of the optimisers.
import { describe, expect, test } from "vitest";
import { memory, optim, type Tensor, tensor, tidy } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { normals } from "../helpers/random.js";

type Make = (parameters: Tensor[]) => optim.Optimizer;
const kinds: [name: string, make: Make, plain: Make, slots: string[]][] = [
  ["SGD", (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, weightDecay: 0.1 }), (p) => new optim.SGD(p, { lr: 1 }), ["momentum_buffer"]],
  [
    "Adam",
    (p) => new optim.Adam(p, { lr: 0.1, betas: [0.8, 0.9], eps: 1e-3, weightDecay: 0.1 }),
    (p) => new optim.Adam(p),
    ["exp_avg", "exp_avg_sq"],
  ],
  [
    "AdamW",
    (p) => new optim.AdamW(p, { lr: 0.1, betas: [0.8, 0.9], eps: 1e-3, weightDecay: 0.1 }),
    (p) => new optim.AdamW(p),
    ["exp_avg", "exp_avg_sq"],
  ],
];

const shapes = [[5], [2, 3], [4], [0, 2]];
const parametersOf = () =>
  shapes.map((shape, i) =>
    tensor(
      normals(
        shape.reduce((a, b) => a * b),
        i,
      ),
      shape,
      { requiresGrad: true },
    ),
  );
const valuesOf = (all: readonly Tensor[]) => all.map(({ data }) => [...data]);

/** Steps `from` to `to`. The third parameter has no gradient before step 15, and then only sometimes. */
function train(optimizer: optim.Optimizer, from: number, to: number): void {
  for (let t = from; t < to; t++) {
    optimizer.parameters.forEach((parameter, i) => {
      if (i !== 2 || (t >= 15 && t % 2 === 0)) parameter.grad = tensor(normals(parameter.size, 10 * t + i), parameter.shape);
    });
    if (t === 7) optimizer.lr /= 3;
    optimizer.step();
    optimizer.zeroGrad();
  }
}

describe.each(kinds)("%s", (name, make, plain, slots) => {
  test("continues to the bit from its state, in a new optimiser with other options", () => {
    const [whole, first, second] = [parametersOf(), parametersOf(), parametersOf()];
    train(make(whole), 0, 20);
    const saved = make(first);
    train(saved, 0, 10);
    const state = structuredClone(saved.stateDict());
    // through JSON, as lists of numbers
    const lists = JSON.parse(JSON.stringify(state, (_, value) => (value instanceof Float32Array ? [...value] : value)));
    for (const one of [state, lists]) {
      second.forEach((parameter, i) => {
        parameter.data.set(first[i].data);
      });
      const resumed = plain(second);
      tidy(() => resumed.loadStateDict(one));
      expect(resumed.lr).toBe(saved.lr);
      expect(resumed.stateDict()).toEqual(state);
      train(resumed, 10, 20);
      expect(valuesOf(second)).toEqual(valuesOf(whole));
    }
  });

  test("says its kind, options, shapes and steps, and copies its moments", () => {
    const parameters = parametersOf();
    const optimizer = make(parameters);
    train(optimizer, 0, 3);
    const state = optimizer.stateDict();
    expect([state.optimizer, state.options.lr, state.options.weightDecay]).toEqual([name, 0.1, 0.1]);
    expect(state.parameters).toEqual(shapes.map((shape, i) => ({ shape, steps: i === 2 ? 0 : 3 })));
    expect(Object.keys(state.state)).toEqual([0, 1, 3].flatMap((i) => slots.map((slot) => `${i}.${slot}`)));
    expect(state.state[`1.${slots[0]}`].shape).toEqual([2, 3]);
    const kept = structuredClone(state);
    train(optimizer, 3, 6);
    expect(state).toEqual(kept);
  });

  test("takes the place of what was there, and parameters without state lose theirs", () => {
    const before = memory();
    const parameters = parametersOf();
    const optimizer = make(parameters);
    const fresh = optimizer.stateDict();
    expect(fresh.state).toEqual({});
    const held = memory();
    train(optimizer, 0, 20);
    optimizer.loadStateDict(fresh);
    expect(memory()).toEqual(held);
    expect(optimizer.stateDict()).toEqual(fresh);
    for (const one of [...parameters, optimizer]) one.dispose();
    expect(memory()).toEqual(before);
  });

  test("refuses what does not fit, and stays as it was", () => {
    const optimizer = make(parametersOf());
    train(optimizer, 0, 3);
    const state = optimizer.stateDict();
    const entry = `0.${slots[0]}`;
    const { data, shape } = state.state[entry];
    const refuse = (change: object, code: "data" | "shape" | "nan", message: RegExp) => {
      expectError(() => optimizer.loadStateDict({ ...state, ...change }), code, message);
      expect(optimizer.stateDict()).toEqual(state);
    };
    const withEntry = (one: unknown) => ({ state: { ...state.state, [entry]: one } });
    const { [entry]: _, ...lacking } = state.state;
    const { lr, ...options } = state.options;
    const parameters = state.parameters.slice(1);
    for (const wrong of [null, undefined, 3, [], new Map()]) {
      expectError(() => optimizer.loadStateDict(wrong as never), "data", /state is .*, expected what stateDict\(\) returns/);
      refuse({ options: wrong }, "data", /state.options is .*, expected an object/);
    }
    refuse({ optimizer: name === "SGD" ? "Adam" : "SGD" }, "data", /state.optimizer is "\w+", expected "\w+"; load it in an optimiser/);
    refuse({ options }, "data", /state.options.*lr/);
    refuse({ options: { lr, weightDecay: 0 } }, "data", /state.options lacks (momentum|betas, eps)$/);
    refuse({ options: { ...state.options, lr: Number.NaN } }, "data", /state.options: lr is NaN, expected a finite number/);
    refuse({ options: { ...state.options, more: 1 } }, "data", /state.options has no option "more"/);
    refuse({ parameters }, "data", /state.parameters is an array of 3, expected 4 entries/);
    refuse({ parameters: [{ shape: [6], steps: 3 }, ...parameters] }, "shape", /state.parameters\[0\] has shape \[6\], expected \[5\]/);
    refuse(
      { parameters: [...state.parameters.slice(0, 2), { shape: [3], steps: 0 }, state.parameters[3]] },
      "shape",
      /\[2\] has shape \[3\]/,
    );
    refuse({ parameters: [null, ...parameters] }, "shape", /state.parameters\[0\] has shape undefined/);
    refuse({ parameters: [{ shape: [5], steps: -1 }, ...parameters] }, "data", /steps of state.parameters\[0\] is -1, expected an integer/);
    refuse({ parameters: [{ shape: [5], steps: 0 }, ...parameters] }, "data", /state.state has unknown 0\./);
    refuse({ state: null }, "data", /state.state is null/);
    refuse({ state: lacking }, "data", /state.state lacks 0\./);
    refuse(withEntry({ shape: [6], data }), "shape", /has shape \[6\], expected \[5\]/);
    refuse(withEntry({ shape, data: data.slice(1) }), "shape", /is a Float32Array of 4, expected 5 numbers/);
    refuse(withEntry({ shape, data: data.with(2, Infinity) }), "nan", /\[2\] is Infinity, expected finite numbers/);
    refuse(withEntry({ shape, data: ["a", 1, 1, 1, 1] }), "data", /holds "a", expected numbers/);
    const squares = { shape, data: data.with(1, -1) };
    if (slots.includes("exp_avg_sq"))
      refuse({ state: { ...state.state, "0.exp_avg_sq": squares } }, "data", /0\.exp_avg_sq\[1\] is -1, expected at least 0/);
    else refuse(withEntry({ shape, data: data.with(0, Number.NaN) }), "nan", /0\.momentum_buffer\[0\] is NaN/);
  });
});

test("momentum is PyTorch's: the buffer after two steps", () => {
  const p = tensor([2], undefined, { requiresGrad: true });
  const sgd = new optim.SGD([p], { lr: 0.5, momentum: 0.9, weightDecay: 0.1 });
  let [value, buffer] = [2, 0];
  for (const gradient of [1, -3]) {
    p.grad = tensor([gradient]);
    sgd.step();
    buffer = 0.9 * buffer + gradient + 0.1 * value;
    value -= 0.5 * buffer;
  }
  expectClose([p.item(), sgd.stateDict().state["0.momentum_buffer"].data[0]], [value, buffer]);
});
