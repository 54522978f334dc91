import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { tfLosses } from "../../src/adapters/tfjs.js";
import { lovaszHinge, lovaszSigmoid, lovaszSoftmax, memory, valueAndGrad } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { apart, integers, normals } from "../helpers/random.js";

const losses = tfLosses(tf);

/** One-hot rows of `classes`, all 0 where the class is -1. */
function oneHot(map: ArrayLike<number>, classes: number): Float32Array {
  const rows = new Float32Array(map.length * classes);
  for (let i = 0; i < map.length; i++) if (map[i] >= 0) rows[i * classes + map[i]] = 1;
  return rows;
}

describe.each(["cpu", "wasm"])("tfLosses(tf) on the backend %s", (backend) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
    await tf.ready();
  });
  afterAll(() => tf.disposeVariables());

  const shape: [number, number, number, number] = [2, 3, 5, 4];
  const values = normals(120, 1);
  const map = integers(30, 4, 2);

  test("lovaszSoftmax reads NHWC as it lies: value and gradient are our own, to the last bit", () => {
    const ours = valueAndGrad(lovaszSoftmax)(values, map, { shape, layout: "NHWC", perImage: true });
    tf.tidy(() => {
      const yTrue = tf.tensor(map, [2, 3, 5], "int32");
      const loss = losses.lovaszSoftmax({ perImage: true });
      const { value, grad } = tf.valueAndGrad((x) => loss(yTrue, x))(tf.tensor4d(values, shape));
      expect(value.shape).toEqual([]);
      expect(value.dataSync()[0]).toBe(Math.fround(ours.value));
      expect(grad.shape).toEqual(shape);
      expect(grad.dataSync()).toEqual(ours.grad);
    });
  });

  test.each(["int32", "float32", "bool"] as const)("one-hot labels of %s say what class numbers say; a row of zeros is void", (dtype) => {
    const someVoid = map.map((c, i) => (i % 7 === 3 ? -1 : c));
    const ours = valueAndGrad(lovaszSoftmax)(values, someVoid, { shape, layout: "NHWC", ignore: -1 });
    tf.tidy(() => {
      const rows = tf.tensor(oneHot(someVoid, 4), shape).cast(dtype);
      const { value, grad } = tf.valueAndGrad((x) => losses.lovaszSoftmax()(rows, x))(tf.tensor4d(values, shape));
      expect(value.dataSync()[0]).toBe(Math.fround(ours.value));
      expect(grad.dataSync()).toEqual(ours.grad);
    });
  });

  test.each([
    ["lovaszHinge", lovaszHinge],
    ["lovaszSigmoid", lovaszSigmoid],
  ] as const)("%s of [B, H, W, 1] is our own, void pixels too, and scales with what comes from above", (name, ours) => {
    const labels = map.map((c) => (c === 3 ? 255 : Number(c === 2)));
    const x = values.slice(0, 30);
    const { value, grad } = valueAndGrad(ours)(x, labels, { shape: [2, 3, 5], ignore: 255 });
    tf.tidy(() => {
      const yTrue = tf.tensor(labels, [2, 3, 5, 1], "float32");
      const loss = losses[name]({ ignore: 255 });
      const came = tf.valueAndGrad((p) => loss(yTrue, p).mul(3))(tf.tensor4d(x, [2, 3, 5, 1]));
      expectClose(came.value.dataSync(), [3 * value]);
      expectClose(
        came.grad.dataSync(),
        grad.map((g) => 3 * g),
      );
    });
  });

  test("a column [P, 1] is one image, unless each row is asked to be one", () => {
    const x = values.slice(0, 30);
    const labels = map.map((c) => Number(c === 2));
    tf.tidy(() => {
      const [yTrue, yPred] = [tf.tensor2d(labels, [30, 1]), tf.tensor2d(x, [30, 1])];
      const whole = valueAndGrad(lovaszHinge)(x, labels).value;
      const rows = valueAndGrad(lovaszHinge)(x, labels, { shape: [30, 1] }).value;
      expect(losses.lovaszHinge()(yTrue, yPred).dataSync()[0]).toBe(Math.fround(whole));
      expect(losses.lovaszHinge({ perImage: true })(yTrue, yPred).dataSync()[0]).toBe(Math.fround(rows));
      expect(whole).not.toBeCloseTo(rows, 3);
    });
  });

  test("the gradient by the weights of a model agrees with finite differences", () => {
    const labels = [1, 0, 0, 1, 0, 1];
    tf.tidy(() => {
      const features = tf.tensor2d(apart(18, 0.25, 3), [6, 3]);
      const yTrue = tf.tensor2d(labels, [6, 1], "int32");
      const loss = (w: tf.Tensor) => losses.lovaszHinge()(yTrue, tf.matMul(features, w.reshape([3, 1])));
      const at = [0.3, -0.2, 0.11];
      const came = tf.grad(loss)(tf.tensor1d(at)).dataSync();
      const step = 2 ** -11;
      const expected = at.map((_, i) => {
        const moved = (by: number) => loss(tf.tensor1d(at.map((v, k) => (k === i ? v + by : v)))).dataSync()[0];
        return (moved(step) - moved(-step)) / (2 * step);
      });
      expectClose(came, expected, { absolute: 1e-3, relative: 1e-3 });
    });
  });

  test("trains by optimizer.minimize, without leaving tensors or memory of ours behind", () => {
    const features = tf.randomNormal([64, 3], 0, 1, "float32", 5);
    const yTrue = tf.tidy(() => features.slice([0, 1], [64, 1]).greater(0));
    const w = tf.variable(tf.zeros([3, 1]));
    const optimizer = tf.train.adam(0.1);
    const loss = losses.lovaszHinge();
    const step = () => tf.tidy(() => optimizer.minimize(() => loss(yTrue, tf.matMul(features, w)), true)!.dataSync()[0]);
    const first = step();
    const [tensors, bytes] = [tf.memory().numTensors, memory()];
    let last = first;
    for (let i = 0; i < 40; i++) last = step();
    expect(last).toBeLessThan(0.5 * first);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(memory()).toEqual(bytes);
    tf.dispose([features, yTrue, w]);
    optimizer.dispose();
  });

  test("trains by model.compile and fit", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4, 4, 2], units: 3, kernelInitializer: "zeros" })] });
    model.compile({ loss: tfLosses(tf).lovaszSoftmax(), optimizer: tf.train.adam(0.1) });
    const x = tf.randomNormal([8, 4, 4, 2], 0, 1, "float32", 7);
    // the class is the sign of the first feature, or the third where the second is large
    const y = tf.tidy(() => {
      const [first, second] = tf.split(x, 2, 3);
      const large = second.greater(0.7).toFloat();
      const positive = first.greater(0).toFloat();
      const rest = tf.sub(1, large);
      return tf.concat([tf.mul(rest, tf.sub(1, positive)), tf.mul(rest, positive), large], 3);
    });
    const { history } = await model.fit(x, y, { epochs: 30, batchSize: 8, verbose: 0 });
    const seen = history.loss as number[];
    expect(seen[29]).toBeLessThan(0.5 * seen[0]);
    const before = tf.memory().numTensors;
    await model.fit(x, y, { epochs: 2, batchSize: 8, verbose: 0 });
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([x, y]);
    model.dispose();
  });

  test("valueAndGradAsync and minimizeAsync compute what the synchronous forms do", async () => {
    const yTrue = tf.tensor(map, [2, 3, 5], "int32");
    const yPred = tf.tensor4d(values, shape);
    const loss = losses.lovaszSoftmax();
    const ours = valueAndGrad(lovaszSoftmax)(values, map, { shape, layout: "NHWC" });
    const before = tf.memory().numTensors;
    const { value, grad } = await loss.valueAndGradAsync(yTrue, yPred);
    expect(value).toBe(ours.value);
    expect(await grad.data()).toEqual(ours.grad);
    expect(grad.shape).toEqual(shape);
    grad.dispose();

    expect(tf.memory().numTensors).toBe(before);

    const [one, other] = [tf.variable(tf.ones([4])), tf.variable(tf.ones([4]))];
    const optimizer = tf.train.sgd(0.5);
    const variables = tf.memory().numTensors;
    optimizer.minimize(() => loss(yTrue, tf.mul(yPred, one)), false, [one]);
    expect(await loss.minimizeAsync(optimizer, () => tf.mul(yPred, other), yTrue)).toBe(ours.value);
    expect(tf.memory().numTensors).toBe(variables);
    expectClose(other.dataSync(), one.dataSync());
    expect(Math.abs(one.dataSync()[0] - 1)).toBeGreaterThan(1e-4);
    tf.dispose([one, other, yTrue, yPred]);
    optimizer.dispose();
  });

  test("hands out memory of its own: later losses do not change an earlier gradient", async () => {
    const yTrue = tf.tensor(map, [2, 3, 5], "int32");
    const yPred = tf.tensor4d(values, shape);
    const { grad } = await losses.lovaszSoftmax().valueAndGradAsync(yTrue, yPred);
    const before = (await grad.data()).slice();
    for (let i = 0; i < 3; i++) valueAndGrad(lovaszHinge)(normals(1 << (12 + i), i), new Uint8Array(1 << (12 + i)).fill(1));
    expect(await grad.data()).toEqual(before);
    tf.dispose([yTrue, yPred, grad]);
  });

  test("misuse is refused by name, and leaves nothing behind", () => {
    const x = tf.tensor4d(values, shape);
    const y = tf.tensor(map, [2, 3, 5], "int32");
    const turned = tf.tensor(map, [2, 5, 3], "int32");
    const single = tf.tensor(values.slice(0, 30), [2, 3, 5, 1]);
    const { numTensors } = tf.memory();
    const softmax = losses.lovaszSoftmax();
    expectError(() => softmax(turned, x), "shape", /yTrue has shape \[2, 5, 3\], expected \[2, 3, 5\] \(class numbers\) or \[2, 3, 5, 4\]/);
    expectError(() => softmax(x, y), "shape", /yPred is a tensor of int32, expected float32.*\(yTrue, yPred\)/);
    expectError(() => softmax([1, 2] as never, x), "shape", /yTrue is an array of 2, expected a tensor of TensorFlow\.js/);
    expectError(() => losses.lovaszHinge()(y, x), "shape", /yTrue has shape \[2, 3, 5\], expected \[2, 3, 5, 4\]/);
    expectError(() => tf.grad((p) => losses.lovaszHinge()(y, p))(single), "label", /labels\[\d+\] is [23], expected 0 or 1/);
    expect(tf.memory().numTensors).toBe(numTensors);
    tf.dispose([x, y, turned, single]);
  });
});

describe("a model whose outputs are probabilities", () => {
  const warn = vi.spyOn(console, "warn");
  beforeEach(() => warn.mockReset().mockImplementation(() => {}));
  afterAll(() => warn.mockRestore());

  type Loss = Parameters<tf.LayersModel["compile"]>[0]["loss"];
  const warnings = async (activation: "softmax" | "sigmoid" | "linear", units: number, loss: Loss) => {
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4, 4, 2], units, activation })] });
    model.compile({ loss, optimizer: tf.train.adam(0.01) });
    const x = tf.randomNormal([4, 4, 4, 2], 0, 1, "float32", 7);
    const y = tf.tidy(() => {
      const foreground = x.slice([0, 0, 0, 0], [4, 4, 4, 1]).greater(0).toFloat();
      return units === 1 ? foreground : tf.concat([tf.sub(1, foreground), foreground], 3);
    });
    await model.fit(x, y, { epochs: 4, batchSize: 2, verbose: 0 });
    tf.dispose([x, y]);
    model.dispose();
    return warn.mock.calls.map(([message]) => String(message)).filter((message) => message.includes("probabilities"));
  };

  test("is warned of once for each loss, with the cure", async () => {
    const softmax = await warnings("softmax", 2, tfLosses(tf).lovaszSoftmax());
    expect(softmax).toHaveLength(1);
    expect(softmax[0]).toMatch(/^lovaszSoftmax: yPred looks like probabilities.*fromLogits: false/);
    warn.mockClear();
    expect(await warnings("sigmoid", 1, tfLosses(tf).lovaszSigmoid())).toHaveLength(1);
    warn.mockClear();
    const hinge = await warnings("sigmoid", 1, tfLosses(tf).lovaszHinge());
    expect(hinge).toHaveLength(1);
    expect(hinge[0]).toMatch(/remove the sigmoid at the end of the model, or use lovaszSigmoid\(\{ fromLogits: false \}\)/);
  });

  test("is not where { fromLogits } is given, nor are logits", async () => {
    const { lovaszHinge, lovaszSigmoid, lovaszSoftmax } = tfLosses(tf);
    for (const fromLogits of [false, true]) {
      expect(await warnings("softmax", 2, lovaszSoftmax({ fromLogits }))).toEqual([]);
      expect(await warnings("sigmoid", 1, lovaszSigmoid({ fromLogits }))).toEqual([]);
    }
    expect(await warnings("linear", 2, lovaszSoftmax())).toEqual([]);
    expect(await warnings("linear", 1, lovaszSigmoid())).toEqual([]);
    expect(await warnings("linear", 1, lovaszHinge())).toEqual([]);
  });
});

test("options are checked when the loss is made", () => {
  expectError(() => losses.lovaszHinge({ perimage: true } as never), "option", /lovaszHinge has no option "perimage"/);
  expectError(() => losses.lovaszSoftmax({ shape: [1] } as never), "option", /no option "shape"/);
  expectError(() => losses.lovaszSigmoid({ layout: "HWC" } as never), "option", /layout is "HWC"/);
});

test("anything but the module is refused", () => {
  for (const wrong of [undefined, null, 5, "tf"]) {
    expectError(() => tfLosses(wrong as never), "option", /tfLosses\(tf\): tf is .*, expected the module itself: import \* as tf/);
  }
  expectError(() => tfLosses({ scalar: () => 0 } as never), "option", /tf is an object without tensor\(\)/);
});
