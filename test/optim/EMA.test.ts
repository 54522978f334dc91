import { describe, expect, test } from "vitest";
import { memory, nn, optim, type Tensor, tensor, tidy } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { normals } from "../helpers/random.js";

class Holder extends nn.Module {
  tensors: Tensor[];

  constructor(...lengths: number[]) {
    super();
    this.tensors = lengths.map((n, i) => tensor(normals(n, i), [n], { requiresGrad: true }));
  }

  forward(input: Tensor): Tensor {
    return input;
  }
}

const valuesOf = (network: nn.Module) => network.parameters().map(({ data }) => [...data]);
const EXACT = { absolute: 0, relative: 0 };
const change = (network: nn.Module, seed: number) => {
  network.parameters().forEach((one, i) => {
    one.data.set(normals(one.size, 100 * seed + i));
  });
};

describe("EMA", () => {
  test.each([0, 0.3, 0.5, 0.9, 0.999, 1])("of decay %d is decay * average + (1 - decay) * value, over 50 updates", (decay) => {
    const network = new Holder(0, 1, 2, 3, 4, 5, 7, 8, 9, 33);
    const ema = new optim.EMA(network, { decay });
    const expected = valuesOf(network);
    for (let t = 1; t <= 50; t++) {
      change(network, t);
      ema.update();
      valuesOf(network).forEach((values, k) => {
        values.forEach((value, i) => {
          expected[k][i] = decay * expected[k][i] + (1 - decay) * value;
        });
      });
    }
    const live = valuesOf(network);
    ema.swap();
    expectClose(valuesOf(network).flat(), expected.flat(), decay === 0 || decay === 1 ? EXACT : {});
    ema.swap();
    expect(valuesOf(network)).toEqual(live);
  });

  test("stays to the bit where the values do, whatever the decay", () => {
    const network = new Holder(9);
    const values = valuesOf(network);
    for (const decay of [0.1, 0.7, 0.999]) {
      const ema = new optim.EMA(network, { decay });
      for (let t = 0; t < 50; t++) ema.update();
      ema.swap();
      expect(valuesOf(network)).toEqual(values);
    }
    expect(new optim.EMA(network).decay).toBe(0.999);
  });

  test("averages and swaps a tensor with two names once", () => {
    const network = new Holder(3);
    network.tensors.push(network.tensors[0]);
    const ema = new optim.EMA(network, { decay: 0.5 });
    const start = valuesOf(network)[0];
    change(network, 1);
    const live = valuesOf(network)[0];
    ema.update();
    ema.swap();
    const mean = start.map((x, i) => (x + live[i]) / 2);
    expectClose(valuesOf(network)[0], mean);
    const state = ema.stateDict();
    expect(Object.keys(state)).toEqual(Object.keys(network.stateDict()));
    expectClose(state["tensors.1"].data, mean);
  });

  test("refuses to update while the network holds the average", () => {
    const network = new Holder(2);
    const ema = new optim.EMA(network);
    ema.swap();
    expectError(() => ema.update(), "option", /^update\(\): the network holds the average; call swap\(\) before training goes on/);
    ema.swap();
    ema.update();
  });

  test("saves and loads the average, swapped or not, to the same bits", () => {
    const [network, other] = [new Holder(5, 3), new Holder(5, 3)];
    const ema = new optim.EMA(network, { decay: 0.9 });
    const train = (one: nn.Module, by: optim.EMA, from: number, to: number) => {
      for (let t = from; t < to; t++) {
        change(one, t);
        by.update();
      }
    };
    train(network, ema, 1, 10);
    const state = structuredClone(ema.stateDict());
    ema.swap();
    expect(ema.stateDict()).toEqual(state);
    expect(network.stateDict()).toEqual(state);
    ema.swap();
    const resumed = new optim.EMA(other, { decay: 0.9 });
    resumed.loadStateDict(state);
    train(network, ema, 10, 20);
    train(other, resumed, 10, 20);
    expect(resumed.stateDict()).toEqual(ema.stateDict());
    // while the network holds the average, it gets what is loaded
    const live = other.stateDict();
    resumed.swap();
    resumed.loadStateDict(state);
    expect(other.stateDict()).toEqual(state);
    resumed.swap();
    expect([other.stateDict(), resumed.stateDict()]).toEqual([live, state]);
  });

  test("outlives tidy, and gives its memory back", () => {
    const network = new Holder(4);
    const before = memory();
    const ema = tidy(() => new optim.EMA(network));
    ema.update();
    expect(memory()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 16 });
    const average = ema.stateDict();
    change(network, 1);
    ema.swap();
    ema.dispose();
    ema.dispose();
    expect(memory()).toEqual(before);
    // the network keeps what it held
    expect(network.stateDict()).toEqual(average);
    for (const call of [() => ema.update(), () => ema.swap(), () => ema.stateDict(), () => ema.loadStateDict(average)]) {
      expectError(call, "disposed", /this EMA was disposed/);
    }
  });

  test("refuses what does not fit, and changes nothing then", () => {
    const network = new Holder(2, 1);
    const ema = new optim.EMA(network);
    const state = ema.stateDict();
    expectError(() => new optim.EMA(3 as never), "option", /module is 3, expected a layer or network/);
    for (const decay of [-0.1, 1.1, Number.NaN]) expectError(() => new optim.EMA(network, { decay }), "option", /decay is .* from 0 to 1/);
    expectError(() => new optim.EMA(network, { beta: 1 } as never), "option", /no option "beta"; it knows decay/);
    const { "tensors.0": first, "tensors.1": second } = state;
    expectError(() => ema.loadStateDict(null as never), "data", /state is null, expected what stateDict\(\) returns/);
    expectError(() => ema.loadStateDict({ "tensors.0": first }), "data", /state lacks tensors.1; it belongs to another network/);
    expectError(() => ema.loadStateDict({ ...state, more: first }), "data", /has unknown more/);
    expectError(() => ema.loadStateDict({ ...state, "tensors.1": first }), "shape", /tensors.1 has shape \[2\], expected \[1\]/);
    const wrong = { shape: [1], data: Float32Array.of(Number.NaN) };
    expectError(
      () => ema.loadStateDict({ "tensors.0": { shape: [2], data: Float32Array.of(7, 7) }, "tensors.1": wrong }),
      "nan",
      /tensors.1\[0\]/,
    );
    expect(ema.stateDict()).toEqual({ "tensors.0": first, "tensors.1": second });
    network.tensors[1].dispose();
    const live = [...network.tensors[0].data];
    for (const call of [() => ema.update(), () => ema.swap(), () => ema.stateDict(), () => new optim.EMA(network)]) {
      expectError(call, "disposed", /tensors.1, a tensor of shape \[1\], was disposed/);
    }
    expect([...network.tensors[0].data]).toEqual(live);
  });
});
