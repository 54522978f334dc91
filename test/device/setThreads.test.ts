// Threads change nothing but the time that operators and losses take: whoever does a unit, and whoever dies doing it.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  binaryCrossEntropy,
  conv2d,
  crossEntropy,
  dice,
  focal,
  groupNorm,
  jaccard,
  jaccardMetric,
  type Loss,
  LovaszError,
  lovaszHinge,
  lovaszMultilabel,
  lovaszSigmoid,
  lovaszSoftmax,
  memory,
  nn,
  openDevice,
  optim,
  randn,
  relu,
  setThreads,
  type Tensor,
  tensor,
  threads,
  tidy,
  tversky,
  valueAndGrad,
  zeros,
} from "../../src/index.js";
import { expectClose, expectSame } from "../helpers/closeTo.js";
import { integers, normals } from "../helpers/random.js";
import { WORKER } from "../helpers/worker.js";

const MORTAL = new URL("../helpers/workers/mortalunit.mjs", import.meta.url);
const use = (n: number) => setThreads(n, { worker: WORKER });
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const alive = new Set<Worker>();
process.on("worker", (worker: Worker) => {
  alive.add(worker);
  worker.once("exit", () => alive.delete(worker));
});

afterEach(() => setThreads(1));

// the weights after some steps, as one array; `before` is called before each
async function trained(steps: number, before: (step: number) => unknown = () => {}): Promise<Float32Array> {
  const network = new nn.UNet({ width: 8, norm: "group", upsample: "bilinear", inChannels: 2 });
  const optimizer = new optim.Adam(network.parameters(), { lr: 1e-3 });
  const labels = Uint8Array.from(integers(2 * 96 * 96, 2, 3));
  for (let step = 0; step < steps; step++) {
    await before(step);
    tidy(() => {
      const logits = network.forward(randn([2, 2, 96, 96], { seed: step }));
      lovaszHinge(logits, labels).add(binaryCrossEntropy(logits, labels)).backward();
      optimizer.step();
      optimizer.zeroGrad();
    });
  }
  const all = network.parameters().flatMap((one) => [...one.copy()]);
  for (const one of network.parameters()) one.dispose();
  return Float32Array.from(all);
}

describe("setThreads", () => {
  test("keeps tensors and graphs that were made before", async () => {
    const x = tensor(normals(2 ** 18, 1), [2 ** 18], { requiresGrad: true });
    const view = x.data;
    const y = x.mul(x).sum();
    await use(2);
    // the memory was replaced by one that is shared, here for the first time; views die as when it grows
    expect([view.length, x.data.buffer]).toEqual([0, expect.any(SharedArrayBuffer)]);
    expectSame(x.copy(), normals(2 ** 18, 1));
    y.backward();
    expectSame(
      (x.grad as Tensor).copy(),
      normals(2 ** 18, 1).map((value) => 2 * value),
    );
    // nothing is left for the garbage collector, whose work the next test would see
    for (const one of [x, y, x.grad]) one?.dispose();
  });

  test("refuses what is no number of threads, and changes nothing then", async () => {
    await use(2);
    for (const n of [0, -1, 1.5, 33, Number.NaN, "2", "all", null, undefined, {}]) {
      await expect(setThreads(n as number)).rejects.toThrowError(/setThreads\(n, options\): n is/);
    }
    await expect(setThreads(2, { workers: 3 } as object)).rejects.toThrowError(/workers/);
    await expect(setThreads(3, { worker: "file:///nowhere.js" })).rejects.toMatchObject({
      code: "device",
      message: expect.stringMatching(/^setThreads\(n, options\): no worker could be started: .*nowhere/),
    });
    expect(threads()).toBe(2);
  });

  test("counts threads, and ends the workers", async () => {
    expect(threads()).toBe(1);
    await use(3);
    expect([threads(), alive.size]).toEqual([3, 2]);
    await use(2);
    expect([threads(), alive.size]).toEqual([2, 1]);
    await Promise.all([use(3), use(1), use(4), use(1)]);
    expect([threads(), alive.size]).toEqual([1, 0]);
  });

  test("changes 60 times without a trace", async () => {
    await use(2);
    tidy(() => relu(randn([2 ** 18])));
    const before = memory();
    for (let i = 0; i < 60; i++) {
      await use(1 + (i % 3));
      const [x, y] = [randn([2 ** 18], { seed: i }), normals(3, 1)];
      tidy(() => expectClose([relu(x).sum().item()], [x.copy().reduce((sum, value) => sum + Math.max(0, value), 0)], { relative: 1e-5 }));
      expect(y.length).toBe(3);
      x.dispose();
    }
    // what earlier tests forgot may be collected meanwhile
    expect(memory().tensors).toBeLessThanOrEqual(before.tensors);
    await use(1);
    expect(alive.size).toBe(0);
  });

  test("lets a process end", async () => {
    const script = `import { randn, relu, setThreads } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url))};
      await setThreads(2); relu(randn([2 ** 20])); console.log("done");`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { timeout: 30_000 });
    expect(stdout).toBe("done\n");
  });
});

type AnyLoss = Loss<Record<string, unknown>>;

// of each kernel, a call that several units of it make
const image = (requiresGrad = true) => tensor(normals(2 ** 20, 1), [4, 16, 128, 128], { requiresGrad });
const gradientOf = (x: Tensor, y: Tensor): Float32Array => {
  y.sum().backward();
  return (x.grad as Tensor).copy();
};
const lossOf = (loss: Loss) => {
  const labels = Uint8Array.from(integers(2 ** 20, 2, 2));
  return valueAndGrad(loss as AnyLoss)(normals(2 ** 20, 1), labels, { shape: [8, 512, 256], perImage: true }).grad;
};
// labels that become others
const VOID = integers(2 ** 20, 3, 2).map((label) => (label === 2 ? 77 : label));
const withVoid = (labels: Int32Array | Uint8Array) =>
  valueAndGrad(lovaszHinge as AnyLoss)(normals(2 ** 20, 1), labels, { shape: [8, 512, 256], ignore: 77 }).grad;
const softmaxLoss = () =>
  valueAndGrad(lovaszSoftmax as AnyLoss)(normals(2 ** 20, 1), Uint8Array.from(integers(2 ** 16, 16, 2)), { shape: [4, 16, 128, 128] }).grad;
const mortal: Record<string, () => Float32Array> = {
  relu_f32: () => relu(image()).copy(),
  reluGrad_f32: () => {
    const x = image();
    return gradientOf(x, relu(x));
  },
  reluGradSums_f32: () => {
    const x = image();
    const layer = new nn.Conv2d(16, 16, 1);
    const gradient = gradientOf(x, new nn.Sequential(layer, new nn.ReLU()).forward(x));
    return Float32Array.from([...gradient.subarray(0, 1000), ...((layer.bias as Tensor).grad as Tensor).copy()]);
  },
  convolveUnit: () => {
    const x = image();
    return gradientOf(x, conv2d(x, tensor(normals(16 * 16 * 9, 2), [16, 16, 3, 3])));
  },
  norm_f32: () => groupNorm(image(), 4).copy(),
  normGrad_f32: () => {
    const x = image();
    return gradientOf(x, groupNorm(x, 4).mul(image(false)));
  },
  hinge_f32: () => lossOf(lovaszHinge as Loss),
  lovaszBinary_f32: () => lossOf(lovaszSigmoid as Loss),
  softmaxKeys_f32: softmaxLoss,
  lovaszClass_f32: softmaxLoss,
  softmaxBackward_f32: softmaxLoss,
  labels_i32: () => withVoid(Int32Array.from(VOID)),
  labels_u8_i8: () => withVoid(Uint8Array.from(VOID)),
  crossEntropy_f32: () => {
    const x = image();
    crossEntropy(x, Uint8Array.from(integers(4 * 128 * 128, 16, 2))).backward();
    return (x.grad as Tensor).copy();
  },
  regionSums_f32: () => lossOf(dice as Loss),
  regionGrad_f32: () => lossOf(dice as Loss),
  binaryCrossEntropy_f32: () => lossOf(binaryCrossEntropy as Loss),
};

// Has two threads, and calls `run` until the worker has died of a unit of the kernel, with the same result each time.
async function outlive(kernel: string, run: () => Float32Array): Promise<Float32Array> {
  const expected = tidy(run);
  vi.stubEnv("MORTAL_KERNEL", kernel);
  await use(1);
  await setThreads(2, { worker: MORTAL });
  vi.unstubAllEnvs();
  const [first] = alive;
  for (let i = 0; i < 100 && alive.has(first); i++) {
    expectSame(tidy(run), expected);
    await pause(10);
  }
  expect(alive.has(first)).toBe(false);
  return expected;
}

describe("with two threads", () => {
  beforeEach(() => use(2));

  test("training repeats to the bit, and stays close to that of one thread", async () => {
    const first = await trained(3);
    expectSame(await trained(3), first);
    await use(1);
    expectClose(first, await trained(3), { absolute: 1e-3 });
  });

  test("workers that are killed change no bit", async () => {
    const whole = await trained(20);
    const some = await trained(20, async (step) => {
      await pause(30);
      for (const worker of alive) if (step % 2 === 0) void worker.terminate();
      await pause(step % 5);
    });
    expectSame(some, whole);
  });

  test.each(Object.entries(mortal))("a worker that dies of a unit of %s is done without, and replaced", async (kernel, run) => {
    await outlive(kernel, run);
    await vi.waitFor(() => expect(alive.size).toBe(1), { timeout: 10_000 });
  });

  test("the next call replaces a worker that could not be replaced before", async () => {
    const run = () => tidy(() => relu(randn([2 ** 18])));
    run();
    const kill = (worker: Worker) => void worker.terminate();
    process.on("worker", kill);
    for (const worker of alive) kill(worker);
    await pause(2000);
    expect(alive.size).toBe(0);
    process.off("worker", kill);
    run();
    await vi.waitFor(() => expect(alive.size).toBe(1), { timeout: 10_000 });
  });

  test("a worker that takes over after a death does the tasks of devices, too", async () => {
    const run = mortal.relu_f32;
    const expected = await outlive("relu_f32", run);
    // long enough for the next one to begin
    await pause(1000);
    expectSame(tidy(run), expected);
    const device = await openDevice("threads", { worker: MORTAL, workers: 1, least: 0 });
    const { value } = await device.valueAndGrad(lovaszHinge, normals(2 ** 16, 1), new Uint8Array(2 ** 16));
    expect(value).toBe(valueAndGrad(lovaszHinge)(normals(2 ** 16, 1), new Uint8Array(2 ** 16)).value);
    await device.close();
  });

  test("operators of zero size", () => {
    tidy(() => {
      expect(relu(zeros([0, 3])).shape).toEqual([0, 3]);
      const layer = new nn.Conv2d(4, 4, 3, { padding: 1 });
      expect(layer.forward(zeros([0, 4, 8, 8])).shape).toEqual([0, 4, 8, 8]);
    });
  });

  test("what cannot be allocated is an error here", () => {
    expect(() => relu(zeros([2 ** 28])).add(zeros([2 ** 28]))).toThrowError(LovaszError);
  });

  test("devices use the same workers, and operators get them back", async () => {
    const shape = [1, 5, 128, 128];
    const [logits, labels] = [normals(5 * 128 * 128, 1), Uint8Array.from(integers(128 * 128, 5, 2))];
    const expected = valueAndGrad(lovaszSoftmax)(logits, labels, { shape });
    tidy(() => relu(randn([2 ** 18])));
    const device = await openDevice("threads", { worker: WORKER, workers: 2, least: 0 });
    expect(alive.size).toBe(2);
    for (let i = 0; i < 3; i++) {
      const { value, grad } = await device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
      expect(value).toBe(expected.value);
      expectSame(grad, expected.grad);
      tidy(() => relu(randn([2 ** 18])));
    }
    await device.close();
    expect(alive.size).toBe(1);
    tidy(() => relu(randn([2 ** 18])));
  });
});

const cases: [string, Loss, object, number[], number][] = [
  ["lovaszHinge", lovaszHinge as Loss, {}, [6, 150, 151], 2],
  ["lovaszHinge, all images", lovaszHinge as Loss, { perImage: false }, [6, 150, 151], 2],
  ["lovaszHinge, histogram", lovaszHinge as Loss, { method: "histogram" }, [6, 150, 151], 2],
  ["lovaszSigmoid", lovaszSigmoid as Loss, {}, [6, 150, 151], 2],
  ["lovaszMultilabel", lovaszMultilabel as Loss, {}, [2, 3, 150, 151], 2],
  ["lovaszMultilabel, NHWC", lovaszMultilabel as Loss, { layout: "NHWC", perImage: true }, [2, 150, 151, 3], 2],
  ["lovaszSoftmax", lovaszSoftmax as Loss, {}, [2, 7, 150, 151], 7],
  ["lovaszSoftmax, one image", lovaszSoftmax as Loss, {}, [1, 7, 250, 251], 7],
  ["lovaszSoftmax, per image", lovaszSoftmax as Loss, { perImage: true }, [3, 7, 150, 151], 7],
  ["lovaszSoftmax of probabilities", lovaszSoftmax as Loss, { fromLogits: false }, [2, 7, 150, 151], 7],
  ["dice", dice as Loss, {}, [2, 250, 251], 2],
  ["dice of classes", dice as Loss, { mode: "multiclass", perImage: true }, [2, 7, 150, 251], 7],
  ["jaccard", jaccard as Loss, { mode: "multilabel" }, [2, 2, 250, 251], 2],
  ["jaccardMetric of probabilities", jaccardMetric as Loss, { fromLogits: false }, [2, 250, 251], 2],
  ["tversky", tversky as Loss, { alpha: 0.3, beta: 0.7, gamma: 0.75 }, [2, 250, 251], 2],
  ["tversky of images", tversky as Loss, { gamma: 0.75, perImage: true }, [2, 250, 251], 2],
  ["lovaszSoftmax, histogram", lovaszSoftmax as Loss, { method: "histogram", classes: [0, 2, 3] }, [2, 7, 150, 151], 7],
];

describe("of one thread and of two to the bit", () => {
  test.each(cases)("%s", async (name, loss, options, shape, classes) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const count = classes === 2 ? size : size / classes;
    const numbers = normals(size, 1);
    const isGiven = "fromLogits" in options;
    const logits = isGiven ? numbers.map((x) => 1 / (1 + Math.exp(-x))) : numbers;
    const labels = Int32Array.from(integers(count, classes, 2), (label, i) => (i % 11 === 0 ? -1 : label));
    const call = () => valueAndGrad(loss as AnyLoss)(logits, labels, { shape, ignore: -1, ...options });
    const one = call();
    await use(2);
    const two = call();
    expect(two.value, name).toBe(one.value);
    expectSame(two.grad, one.grad);
  });
});

describe("of one thread and of two, up to rounding", () => {
  test.each([
    ["binaryCrossEntropy", binaryCrossEntropy, {}],
    ["binaryCrossEntropy, weighted", binaryCrossEntropy, { posWeight: 2 }],
    ["focal", focal, {}],
    ["crossEntropy", crossEntropy, {}],
    ["crossEntropy, weighted", crossEntropy, { classWeights: [1, 2, 0.5] }],
    ["crossEntropy, smooth", crossEntropy, { labelSmoothing: 0.1, classWeights: [1, 2, 0.5] }],
  ])("%s", async (name, loss, options) => {
    const shape = name.startsWith("crossEntropy") ? [2, 3, 150, 151] : [2, 1, 250, 251];
    const size = shape.reduce((a, b) => a * b, 1);
    const labels = Int32Array.from(integers(size / shape[1], shape[1] === 1 ? 2 : 3, 2));
    const call = () => valueAndGrad(loss as unknown as AnyLoss)(normals(size, 1), labels, { shape, ...options });
    const one = call();
    await use(2);
    const two = call();
    expectClose([two.value], [one.value]);
    expectClose(two.grad, one.grad, { absolute: 1e-9 });
  });
});

describe("of two threads, what is wrong is named as of one", () => {
  const [size, at, later] = [2 ** 20, 700_003, 900_001];
  const labels = Uint8Array.from(integers(size, 2, 2));
  const wrong = labels.slice();
  wrong[at] = wrong[later] = 7;
  const logits = normals(size, 1);
  const broken = logits.slice();
  broken[at] = broken[later] = Number.NaN;

  test.each([
    ["labels in bytes", () => binaryCrossEntropy(tensor(logits), wrong), `labels[${at}] is 7`],
    ["labels in words", () => binaryCrossEntropy(tensor(logits), Int32Array.from(wrong)), `labels[${at}] is 7`],
    ["labels of the hinge", () => lovaszHinge(tensor(logits), wrong), `labels[${at}] is 7`],
    ["logits", () => binaryCrossEntropy(tensor(broken), labels), `input[${at}] is NaN`],
  ])("%s", async (_, call, message) => {
    await use(2);
    expect(() => tidy(call)).toThrowError(message);
  });
});
