// What all modules share: modes, buffers, and the names of both in a state.
import { describe, expect, test } from "vitest";
import { memory, nn, ones, optim, type Tensor, tensor, tidy, zeros } from "../../src/index.js";
import { expectError } from "../helpers/errors.js";

class Scale extends nn.Module {
  factor = ones([2], { requiresGrad: true });

  forward(input: Tensor): Tensor {
    return input.mul(this.factor);
  }
}

// submodules in a property, in arrays, and in arrays of those; its own tensors come after them
class Tree extends nn.Module {
  child = new Scale();
  list: unknown[] = [new Scale(), [new nn.Sequential(new nn.Dropout(), new Scale())], null, 3];
  own = ones([1], { requiresGrad: true });

  forward(input: Tensor): Tensor {
    return input;
  }
}

const modulesOf = ({ child, list }: Tree) => {
  const sequence = (list[1] as nn.Sequential[])[0];
  return [child, list[0] as Scale, sequence, ...sequence.layers];
};

describe("train(mode) and eval()", () => {
  test("begin with training, and set the mode of all modules within", () => {
    const tree = new Tree();
    const modes = () => [tree, ...modulesOf(tree)].map(({ training }) => training);
    expect(modes()).toEqual(Array(6).fill(true));
    expect(tree.eval()).toBe(tree);
    expect(modes()).toEqual(Array(6).fill(false));
    expect(tree.train()).toBe(tree);
    expect(modes()).toEqual(Array(6).fill(true));
    tree.train(false);
    expect(modes()).toEqual(Array(6).fill(false));
    tree.child.train();
    expect(tree.training).toBe(false);
    tree.dispose();
  });

  test("call the train of modules within, which may override it", () => {
    class Frozen extends nn.BatchNorm2d {
      override train(): this {
        return super.train(false);
      }
    }
    const net = new nn.Sequential(new Frozen(2), new nn.Dropout());
    expect(net.train().layers.map(({ training }) => training)).toEqual([false, true]);
    net.dispose();
  });

  test("reach a module that is no layer of ours, without a constructor of its own", () => {
    const net = new nn.Sequential(new Scale());
    const x = tensor([1, 2]);
    const out = net.eval().forward(x);
    expect([net.layers[0].training, out.toArray()]).toEqual([false, [1, 2]]);
    for (const made of [net, x, out]) made.dispose();
  });

  test("refuse what is no mode, and modules of another copy of the package, whole", () => {
    const scale = new Scale();
    for (const mode of [0, "eval", null]) {
      expectError(() => scale.train(mode as never), "option", /^train\(mode\): mode is .*, expected true or false/);
    }
    const foreign = { [Symbol.for("lovasz.Module")]: {} };
    expectError(() => Object.assign(scale, { inner: [foreign] }).eval(), "option", /is a Module of another copy of lovasz/);
    expect(scale.training).toBe(true);
    scale.factor.dispose();
  });
});

describe("registerBuffer(name, tensor)", () => {
  test("makes a property that is saved and loaded, but not trained", () => {
    const before = memory();
    const scale = new Scale();
    const mean = tensor([1, 2]);
    scale.registerBuffer("mean", mean);
    expect((scale as unknown as { mean: Tensor }).mean).toBe(mean);
    expect(scale.parameters()).toEqual([scale.factor]);
    expect(Object.keys(scale.stateDict())).toEqual(["factor", "mean"]);
    expect([...scale.stateDict().mean.data]).toEqual([1, 2]);
    const { factor } = scale.stateDict();
    expectError(() => scale.loadStateDict({ factor }), "data", /lacks mean/);
    scale.loadStateDict({ factor, mean: { shape: [2], data: Float32Array.of(3, 4) } });
    expect(mean.toArray()).toEqual([3, 4]);
    scale.dispose();
    expect(memory()).toEqual(before);
  });

  test("keeps it beyond tidy, and the property may hold another tensor later", () => {
    const scale = new Scale() as Scale & { mean: Tensor };
    tidy(() => scale.registerBuffer("mean", zeros([2])));
    expect(scale.mean.toArray()).toEqual([0, 0]);
    scale.mean.dispose();
    scale.mean = ones([3]);
    expect([scale.parameters().length, scale.stateDict().mean.shape]).toEqual([1, [3]]);
    scale.dispose();
  });

  test("takes the name of a field that a subclass declares and does not set", () => {
    class Counter extends Scale {
      count: Tensor | undefined;

      constructor() {
        super();
        this.registerBuffer("count", zeros([1]));
      }
    }
    const counter = new Counter();
    expect(counter.count?.item()).toBe(0);
    counter.dispose();
  });

  test("refuses names that are bad or taken, and tensors that cannot be buffers", () => {
    const scale = new Scale();
    const [good, trained, gone] = [zeros([1]), zeros([1], { requiresGrad: true }), zeros([1])];
    const computed = trained.mul(2);
    gone.dispose();
    scale.registerBuffer("mean", good);
    for (const name of ["", "a.b", 3, null, undefined]) {
      expectError(() => scale.registerBuffer(name as string, good), "option", /^registerBuffer\(name, tensor\): name is .*without dots/);
    }
    for (const name of ["factor", "mean", "forward", "training", "dispose", "constructor", "__proto__"]) {
      expectError(() => scale.registerBuffer(name, good), "option", /name is .*, which this module has already; choose another/);
    }
    for (const wrong of [null, 1, [1], new Float32Array(1)]) {
      expectError(() => scale.registerBuffer("other", wrong as never), "option", /tensor is .*, expected a Tensor/);
    }
    for (const wrong of [trained, computed]) {
      expectError(() => scale.registerBuffer("other", wrong), "option", /tensor has requiresGrad, but buffers are not trained/);
    }
    expectError(() => scale.registerBuffer("other", gone), "disposed", /was disposed/);
    expect(Object.keys(scale.stateDict())).toEqual(["factor", "mean"]);
    for (const made of [scale, computed, trained]) made.dispose();
  });
});

describe("stateDict()", () => {
  test("names own parameters, then own buffers, then those of modules within, as PyTorch does", () => {
    const tree = new Tree();
    tree.registerBuffer("late", zeros([1]));
    tree.child.registerBuffer("mean", zeros([1]));
    expect(Object.keys(tree.stateDict())).toEqual([
      ...["own", "late", "child.factor", "child.mean"],
      ...["list.0.factor", "list.1.0.layers.1.factor"],
    ]);
    tree.dispose();
  });

  test("ignores num_batches_tracked on loading, whatever is in it, unless it is a tensor of this network", () => {
    const net = new nn.Sequential(new nn.BatchNorm2d(1));
    const state = net.stateDict();
    const other = { ...state, num_batches_tracked: 3, "layers.0.num_batches_tracked": { shape: [], data: [7n] } };
    net.loadStateDict(other as never);
    expect(net.stateDict()).toEqual(state);
    expectError(() => net.loadStateDict({ ...state, "layers.0.num_batches": 3 } as never), "data", /has unknown layers\.0\.num_batches/);
    net.registerBuffer("num_batches_tracked", zeros([1]));
    expectError(() => net.loadStateDict(state), "data", /lacks num_batches_tracked/);
    net.loadStateDict({ ...state, num_batches_tracked: { shape: [1], data: Float32Array.of(5) } });
    expect([...net.stateDict().num_batches_tracked.data]).toEqual([5]);
    net.dispose();
  });
});

test("a layer that is used twice has one set of parameters, under both names", () => {
  const layer = new nn.Conv2d(1, 1, 1);
  const network = new nn.Sequential(layer, new nn.ReLU(), layer);
  expect(network.parameters()).toEqual([layer.weight, layer.bias]);
  expect(Object.keys(network.stateDict()).length).toBe(4);
  new optim.AdamW(network.parameters()).dispose();
  network.dispose();
});
