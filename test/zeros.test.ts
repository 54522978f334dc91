// Every public function on every small shape with a zero in it: right or a LovaszError, nothing overwritten, and an engine that goes on.
import { describe, expect, test } from "vitest";
import * as lovasz from "../src/index.js";
import { apply, merge, sketch, weigh } from "../src/sketch/index.js";
import { WORKER } from "./helpers/worker.js";

const { LovaszError, nn, optim, ones, tensor, tidy, valueAndGrad } = lovasz;
const { dice, jaccard, jaccardMetric, tversky } = lovasz;
const { neg, exp, log, sqrt, abs, relu, sigmoid, tanh, add, sub, mul, div } = lovasz;
const { relu6, silu, gelu, hardswish } = lovasz;
type Tensor = lovasz.Tensor;
type Options = Record<string, unknown>;
type Loss = (input: lovasz.LossInput, labels: lovasz.Labels, options?: Options) => Tensor;

const sizeOf = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

const shapes = [1, 2, 3, 4]
  .flatMap((rank) => Array.from({ length: 3 ** rank }, (_, i) => Array.from({ length: rank }, (_, axis) => Math.floor(i / 3 ** axis) % 3)))
  .filter((shape) => shape.includes(0));

const canary = (_: unknown, i: number) => lovasz.full([1 + (i % 7)], 100 + i);
const intact = (one: Tensor, i: number) => one.data.every((value) => value === 100 + i);

// Small tensors of known values with free blocks between them: what is written beside a block lands in one of them.
function guarded(run: () => void): void {
  const all = Array.from({ length: 16 }, canary);
  for (const [i, one] of all.entries()) if (i % 2 === 1) one.dispose();
  tidy(run);
  const after = Array.from({ length: 16 }, canary);
  expect(all.every((one, i) => i % 2 === 1 || intact(one, i))).toBe(true);
  expect(after.every(intact)).toBe(true);
  for (const one of [...all, ...after]) one.dispose();
}

// `run` on all shapes, naming the one that fails
function eachShape(run: (shape: number[]) => void): void {
  for (const shape of shapes) {
    const before = lovasz.memory();
    try {
      guarded(() => run(shape));
      expect(lovasz.memory()).toEqual(before);
    } catch (error) {
      throw new Error(`shape [${shape}]: ${(error as Error).stack}`);
    }
  }
}

function errorOf(run: () => unknown): unknown {
  try {
    run();
    return null;
  } catch (error) {
    return error;
  }
}

function expectShapeError(run: () => unknown): void {
  const error = errorOf(run);
  expect(error, String(error)).toBeInstanceOf(LovaszError);
  expect((error as lovasz.LovaszError).code, String(error)).toBe("shape");
}

// the result of `run`, or null where it throws a LovaszError "shape"
function orShapeError<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    expect(error, String(error)).toBeInstanceOf(LovaszError);
    expect((error as lovasz.LovaszError).code, String(error)).toBe("shape");
    return null;
  }
}

interface Extents {
  images: number;
  classes: number;
  pixels: number;
}

// how a loss of that mode sees a shape; null where it has to refuse it
function extentsOf(shape: readonly number[], mode: lovasz.Mode, layout: unknown): Extents | null {
  if (mode === "binary") {
    const images = shape.length < 2 ? 1 : shape[0];
    return { images, classes: 1, pixels: images === 0 ? 0 : sizeOf(shape) / images };
  }
  if (shape.length < 2) return null;
  const last = shape.at(-1) as number;
  if (shape.length === 2) return { images: 1, classes: last, pixels: shape[0] };
  if (layout === "NHWC") return { images: shape[0], classes: last, pixels: sizeOf(shape.slice(1, -1)) };
  return { images: shape[0], classes: shape[1], pixels: sizeOf(shape.slice(2)) };
}

// each option on or off, all combinations
function product(options: Record<string, readonly unknown[]>): Options[] {
  return Object.entries(options).reduce<Options[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => (value === undefined ? one : { ...one, [name]: value }))),
    [{}],
  );
}

interface Case {
  name: string;
  loss: Loss;
  mode: lovasz.Mode;
  options: Options[];
  /** The shape of its losses with reduction "none". */
  none: (extents: Extents, perImage: boolean) => number[];
}

const modes = ["binary", "multiclass", "multilabel"] as const;
const common = { perImage: [true, false], layout: [undefined, "NHWC"] };
const smoothed = { ...common, labelSmoothing: [undefined, 0.1] };
const weighted = { ...common, posWeight: [undefined, 2], pixelWeights: [undefined, []] };
const methods = { method: [undefined, "histogram"] };
const eachImage = ({ images }: Extents, perImage: boolean) => [perImage ? images : 1];
const images = ({ images }: Extents) => [images];
const imagesOrClasses = ({ images, classes }: Extents, perImage: boolean) => [perImage ? images : classes];

const cases: Case[] = [
  { name: "lovaszHinge", loss: lovasz.lovaszHinge as Loss, mode: "binary", options: product({ ...common, ...methods }), none: eachImage },
  {
    name: "lovaszSigmoid",
    loss: lovasz.lovaszSigmoid as Loss,
    mode: "binary",
    options: product({ ...common, ...methods, fromLogits: [undefined, false] }),
    none: eachImage,
  },
  {
    name: "lovaszExtension",
    loss: lovasz.lovaszExtension as Loss,
    mode: "binary",
    options: product({
      ...common,
      setFunction: [undefined, "dice", { tversky: { alpha: 0, beta: 0.5 } }, (fp: number, fn: number) => Math.sqrt(fp + fn)],
    }),
    none: eachImage,
  },
  {
    name: "lovaszSoftmax",
    loss: lovasz.lovaszSoftmax as Loss,
    mode: "multiclass",
    options: product({ ...common, ...methods, fromLogits: [undefined, false], classes: [undefined, "all"] }),
    none: imagesOrClasses,
  },
  {
    name: "lovaszMultilabel",
    loss: lovasz.lovaszMultilabel as Loss,
    mode: "multilabel",
    options: product({ ...common, ...methods }),
    none: imagesOrClasses,
  },
  { name: "crossEntropy", loss: lovasz.crossEntropy as Loss, mode: "multiclass", options: product(smoothed), none: images },
  ...modes.flatMap((mode): Case[] => [
    ...Object.entries({ dice, jaccard, jaccardMetric, tversky }).map(([name, loss]) => ({
      name: `${name} of mode ${mode}`,
      loss: ((x, labels, options) => loss(x, labels, { mode, ...options })) as Loss,
      mode,
      options: name === "dice" ? product({ ...common, fromLogits: [undefined, false] }) : [{ perImage: true, logLoss: true }],
      none: imagesOrClasses,
    })),
    {
      name: `focal of mode ${mode}`,
      loss: ((x, labels, options) => lovasz.focal(x, labels, { mode, ...options })) as Loss,
      mode,
      options: product(common),
      none: images,
    },
    {
      name: `SegmentationLoss of mode ${mode}`,
      loss: ((x, labels, { shape, ...options } = {}) =>
        new lovasz.SegmentationLoss({ mode, ...options }).forward(
          x instanceof Float32Array ? tensor(x, shape as number[]) : x,
          labels,
        )) as Loss,
      mode,
      options: product({ ...common, ...methods }),
      none: mode === "binary" ? eachImage : imagesOrClasses,
    },
  ]),
  ...(["binary", "multilabel"] as const).map((mode) => ({
    name: `binaryCrossEntropy of mode ${mode}`,
    loss: ((x, labels, options) => lovasz.binaryCrossEntropy(x, labels, { mode, ...options })) as Loss,
    mode,
    options: product(weighted),
    none: images,
  })),
];

// of each pixel (or logit): all void, or 0 and void
const labelsOf = (count: number) =>
  [new Uint8Array(count).fill(255), Array.from({ length: count }, (_, i) => (i % 2 ? 255 : 0))].slice(0, count === 0 ? 1 : 2);

describe("losses of shapes with a zero", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", (_, { loss, mode, options: all, none }) => {
    eachShape((shape) => {
      const values = new Float32Array(0);
      for (const options of all) {
        const extents = extentsOf(shape, mode, options.layout);
        const count = extents && mode === "multiclass" ? extents.images * extents.pixels : values.length;
        for (const labels of labelsOf(count)) {
          const settings = { ...options, ignore: 255 };
          const run = () => valueAndGrad(loss)(values, labels, { ...settings, shape });
          if (!extents || (mode === "multiclass" && extents.classes === 0)) {
            expectShapeError(run);
            expectShapeError(() => loss(values, labels, { ...settings, shape, reduction: "none" }));
            continue;
          }
          // there is nothing to lose
          expect(run()).toEqual({ value: 0, grad: values });
          const x = tensor(values, shape, { requiresGrad: true });
          const losses = loss(x, labels, { ...settings, reduction: "none" });
          const extent = none(extents, options.perImage as boolean);
          expect([losses.shape, losses.data, x.shape]).toEqual([extent, new Float32Array(extent[0]), shape]);
          losses.backward(ones(losses.shape));
          expect(x.grad?.shape).toEqual(shape);
        }
      }
    });
  });

  test("multiLovaszHinge", () => {
    eachShape((shape) => {
      const values = new Float32Array(sizeOf(shape));
      for (const labels of labelsOf(values.length)) {
        for (const method of ["sort", "histogram"] as const) {
          const run = () => lovasz.multiLovaszHinge(values, labels, { shape, ignore: 255, method });
          if (shape.length !== 2) {
            expectShapeError(run);
            continue;
          }
          expect(run()).toEqual({ losses: new Float32Array(shape[1]), grads: values });
        }
      }
    });
  });

  test("one-hot and soft labels", () => {
    eachShape((shape) => {
      const [values, labels] = [new Float32Array(0), new Float32Array(0)];
      for (const { name, loss, mode, options } of cases) {
        const result = orShapeError(() => valueAndGrad(loss)(values, labels, { ...options[0], shape }));
        if (mode === "binary") expect(result, name).not.toBeNull();
        if (result) expect(result, name).toEqual({ value: 0, grad: values });
      }
    });
  });

  test("lovaszGrad", () => {
    guarded(() => expect(lovasz.lovaszGrad([]).length).toBe(0));
  });

  test("on the devices", async () => {
    for (const [name, options] of [["wasm"], ["threads", { workers: 2, least: 0, worker: WORKER }]] as const) {
      const device = await lovasz.openDevice(name, options as lovasz.ThreadsOptions);
      for (const shape of shapes.filter(({ length }) => length > 1)) {
        const values = new Float32Array(0);
        for (const loss of [lovasz.lovaszHinge, lovasz.lovaszSoftmax, lovasz.lovaszMultilabel, lovasz.crossEntropy]) {
          const softmax = loss === lovasz.lovaszSoftmax || loss === lovasz.crossEntropy;
          const extents = extentsOf(shape, softmax ? "multiclass" : "multilabel", undefined) as Extents;
          const labels = new Uint8Array(softmax ? extents.images * extents.pixels : 0).fill(255);
          const result = await device.valueAndGrad(loss as Loss, values, labels, { shape, ignore: 255 }).catch((error) => error);
          if (softmax && extents.classes === 0) expect(result, `${name} [${shape}]`).toBeInstanceOf(LovaszError);
          else expect(result, `${name} [${shape}]`).toEqual({ value: 0, grad: values });
        }
      }
      await device.close();
    }
    guarded(() => {});
  });
});

type Operator = (a: Tensor) => Tensor;

const axesOf = (rank: number) => Array.from({ length: rank }, (_, axis) => axis);
const other = (shape: readonly number[]) => tensor(new Float32Array(sizeOf(shape)).fill(2), shape);

// every use of an operator on a tensor of that shape
function operators(shape: readonly number[]): Record<string, Operator> {
  const axes = axesOf(shape.length);
  const along = (name: string, run: (a: Tensor, axis: number) => Tensor) =>
    Object.fromEntries(axes.map((axis): [string, Operator] => [`${name} along ${axis}`, (a) => run(a, axis)]));
  return {
    ...{ neg, exp, log, sqrt, abs, relu, sigmoid, tanh, relu6, silu, gelu, hardswish },
    leakyRelu: (a) => lovasz.leakyRelu(a),
    ...Object.fromEntries(
      Object.entries({ add, sub, mul, div }).flatMap(([name, operator]): [string, Operator][] => [
        [name, (a) => operator(a, other(shape))],
        [`${name} of a number`, (a) => operator(2, a)],
        [`${name} of a row`, (a) => operator(a, other(shape.slice(-1)))],
        [`${name} with itself, broadcast`, (a) => operator(lovasz.reshape(a, [...shape, 1]), a)],
        [`${name} with nothing`, (a) => operator(a, other([0]))],
      ]),
    ),
    pow: (a) => lovasz.pow(a, 2),
    "pow 0": (a) => lovasz.pow(a, 0),
    sum: (a) => lovasz.sum(a),
    "sum over no axis": (a) => lovasz.sum(a, []),
    max: (a) => lovasz.max(a),
    "max over no axis": (a) => lovasz.max(a, []),
    mean: (a) => (a.size === 0 ? lovasz.sum(a) : lovasz.mean(a)),
    transpose: (a) => lovasz.transpose(a),
    "reshape to a row": (a) => lovasz.reshape(a, [-1]),
    "reshape to nothing": (a) => lovasz.reshape(a, [0, 5]),
    "gather nothing": (a) => lovasz.gather(a, []),
    "gather the first": (a) => (shape[0] > 0 ? lovasz.gather(a, [0, 0]) : lovasz.gather(a, [])),
    "matmul with its transpose": (a) =>
      lovasz.matmul(
        a,
        lovasz.transpose(other(shape), shape.length > 1 ? [...axes.slice(0, -2), shape.length - 1, shape.length - 2] : undefined),
      ),
    "matmul to nothing": (a) => lovasz.matmul(a, other([shape.at(-1) as number, 0])),
    "matmul with a vector": (a) => lovasz.matmul(a, other([shape.at(-1) as number])),
    "max pool": (a) => lovasz.maxPool2d(a, 2),
    "max pool of 1": (a) => lovasz.maxPool2d(a, 1),
    "average pool": (a) => lovasz.avgPool2d(a, 2),
    "average pool of 1": (a) => lovasz.avgPool2d(a, 1),
    upsampling: (a) => lovasz.upsampleNearest(a, 2),
    "upsampling by 3": (a) => lovasz.upsampleNearest(a, 3),
    ...normalisations(shape),
    dropout: (a) => lovasz.dropout(a, 0.5),
    "dropout of everything": (a) => lovasz.dropout(a, 1),
    "bilinear upsampling": (a) => lovasz.upsampleBilinear(a, 2),
    "bilinear upsampling by 3": (a) => lovasz.upsampleBilinear(a, 3, { alignCorners: true }),
    pad: (a) => lovasz.pad(a, [1, 0, 2, 1]),
    crop: (a) => lovasz.pad(a, [-1, 0, 0, -1]),
    // the mean of no pixels is NaN
    "global average": (a) => (shape[2] * shape[3] === 0 ? lovasz.sum(a) : lovasz.globalAvgPool2d(a)),
    ...along("cumsum", lovasz.cumsum),
    ...along("softmax", lovasz.softmax),
    ...along("logSoftmax", lovasz.logSoftmax),
    ...along("sum", lovasz.sum),
    ...along("max", lovasz.max),
    ...along("max with the first axis", (a, axis) => lovasz.max(a, [...new Set([0, axis])])),
    ...along("sum with the first axis", (a, axis) => lovasz.sum(a, [...new Set([0, axis])])),
    ...along("sort", (a, axis) => lovasz.sort(a, { axis })),
    ...along("concat", (a, axis) => lovasz.concat([a, other(shape), a], axis)),
    ...along("concat with nothing", (a, axis) => lovasz.concat([other(shape.with(axis, 0)), a], axis)),
    ...convolutions(shape),
  };
}

function normalisations(shape: readonly number[]): Record<string, Operator> {
  const channels = [shape[1] ?? 1];
  const running = () => ({ runningMean: other(channels), runningVar: other(channels) });
  return {
    groupNorm: (a) => lovasz.groupNorm(a, 1, other(channels), other(channels)),
    "groupNorm of many groups": (a) => lovasz.groupNorm(a, 2),
    "batchNorm in training": (a) => {
      const { runningMean, runningVar } = running();
      const out = lovasz.batchNorm(a, other(channels), other(channels), { training: true, runningMean, runningVar });
      expect([...runningMean.data, ...runningVar.data].every((value) => value === 2)).toBe(true);
      return out;
    },
    "batchNorm by running statistics": (a) => lovasz.batchNorm(a, null, null, running()),
  };
}

function convolutions(shape: readonly number[]): Record<string, Operator> {
  const [batch, channels] = shape;
  const all: Record<string, Operator> = {};
  for (const [outChannels, kernel] of [0, 1, 2].flatMap((o) => [0, 1, 2].map((k) => [o, k]))) {
    for (const [stride, padding] of [1, 2, 3].flatMap((s) => [0, 1, 2].map((p) => [s, p]))) {
      const weight = () => other([outChannels, channels ?? 0, kernel, 2]);
      const options = { stride, padding };
      all[`conv2d ${outChannels} ${kernel} ${stride} ${padding}`] = (a) => lovasz.conv2d(a, weight(), other([outChannels]), options);
      all[`conv2d by ${outChannels} ${kernel} ${stride} ${padding}`] = (a) =>
        lovasz.conv2d(other([batch, channels, 3, 2]), lovasz.reshape(a, [shape[0], channels, shape[2], shape[3]]), null, options);
      all[`conv2d in groups ${outChannels} ${kernel} ${stride} ${padding}`] = (a) =>
        lovasz.conv2d(a, other([2 * outChannels, 1, kernel, 2]), null, { ...options, groups: Math.max(1, channels), dilation: 2 });
      all[`convTranspose2d ${outChannels} ${kernel} ${stride} ${padding}`] = (a) =>
        lovasz.convTranspose2d(a, other([channels ?? 0, outChannels, kernel, 2]), other([outChannels]), options);
    }
  }
  return shape.length === 4 ? all : {};
}

describe("operators on shapes with a zero", () => {
  test("forward and backward", () => {
    eachShape((shape) => {
      for (const [name, operator] of Object.entries(operators(shape))) {
        const a = tensor(new Float32Array(sizeOf(shape)).fill(0.5), shape, { requiresGrad: true });
        const out = orShapeError(() => operator(a));
        if (!out) continue;
        expect(out.data.every(Number.isFinite), name).toBe(true);
        out.backward(ones(out.shape));
        if (!a.grad) continue;
        expect(a.grad.shape, name).toEqual(shape);
        expect(a.grad.data.every(Number.isFinite), name).toBe(true);
      }
    });
  });

  test("argsort, toArray, randn and copies", () => {
    eachShape((shape) => {
      const a = lovasz.randn(shape, { seed: 1 });
      for (const axis of axesOf(shape.length)) expect(lovasz.argsort(a, { axis }).length).toBe(a.size);
      expect(JSON.stringify(a.toArray()).length).toBeGreaterThan(1);
      expect(a.detach().shape).toEqual(shape);
      expect(lovasz.zeros(shape).size).toBe(a.size);
      if (a.size !== 1) expectShapeError(() => a.item());
    });
  });

  test("optimisers", () => {
    eachShape((shape) => {
      const parameter = tensor(new Float32Array(sizeOf(shape)), shape, { requiresGrad: true });
      parameter.mul(3).sum().backward();
      for (const make of [optim.SGD, optim.Adam, optim.AdamW]) {
        const optimizer = new make([parameter], { lr: 0.1 });
        optimizer.step();
        optimizer.loadStateDict(optimizer.stateDict());
        optimizer.dispose();
      }
      const norm = Math.sqrt(9 * parameter.size);
      expect(optim.clipGradNorm([parameter], 1)).toBeCloseTo(norm);
      const layer = new nn.Sequential();
      Object.assign(layer, { parameter });
      const ema = new optim.EMA(layer);
      ema.update();
      ema.swap();
      ema.loadStateDict(ema.stateDict());
      ema.dispose();
      parameter.dispose();
    });
  });

  test("layers", () => {
    const layers: lovasz.nn.Module[] = [new nn.Linear(2, 2), new nn.Conv2d(2, 2, 1), new nn.Conv2d(1, 2, 2, { stride: 2, padding: 1 })];
    layers.push(new nn.GroupNorm(1, 2), new nn.BatchNorm2d(2), new nn.BatchNorm2d(2).eval());
    layers.push(new nn.Dropout(), new nn.Dropout().eval(), new nn.Dropout2d(), new nn.Dropout2d().eval());
    for (const layer of layers) {
      eachShape((shape) => {
        const out = orShapeError(() => layer.forward(lovasz.zeros(shape)));
        if (out) expect(out.data.every(Number.isFinite)).toBe(true);
      });
      layer.dispose();
    }
  });
});

describe("metrics of shapes with a zero", () => {
  test.each([[false], [true]])("perImage %s", (perImage) => {
    eachShape((shape) => {
      const map = new Uint8Array(sizeOf(shape));
      for (const options of [{ shape, perImage }, { perImage }]) {
        expect(lovasz.iouBinary(map, map, options)).toBe(1);
        expect(lovasz.diceBinary(map, map, options)).toBe(1);
        expect(lovasz.iou(map, map, 3, options)).toEqual([1, 1, 1]);
      }
      expect(lovasz.iouBinary(lovasz.zeros(shape), lovasz.zeros(shape), { perImage })).toBe(1);
      expect(lovasz.confusionMatrix(map, map, 2)).toEqual([
        [map.length, 0],
        [0, 0],
      ]);
    });
  });
});

test.each([[[0, 4, 4]], [[2, 0, 4]], [[2, 1, 4, 0]], [[0, 4]], [[0, 0, 0]]])("boundaryIou of pictures of shape %j", (shape) => {
  for (const perImage of [false, true]) {
    expect(lovasz.boundaryIou([], [], { shape, perImage })).toBe(1);
    expect(lovasz.boundaryIou(lovasz.zeros(shape), lovasz.zeros(shape), { classes: 2, perImage })).toEqual([1, 1]);
  }
});

describe("sketches of shapes with a zero", () => {
  test.each(["hinge", "sigmoid", "softmax"] as const)("%s", (loss) => {
    eachShape((shape) => {
      const extents = extentsOf(shape, loss === "softmax" ? "multiclass" : "binary", undefined);
      const values = new Float32Array(sizeOf(shape));
      const count = extents && loss === "softmax" ? extents.images * extents.pixels : values.length;
      for (const labels of labelsOf(count)) {
        const options = { shape, ignore: 255 };
        const run = () => sketch(loss, values, labels, { ...options, bins: 8 });
        if (!extents || extents.classes === 0) {
          expectShapeError(run);
          continue;
        }
        const weights = weigh(merge(run(), run()));
        expect(Number.isFinite(weights.value)).toBe(true);
        const gradient = apply(weights, values, labels, options);
        expect(gradient.length).toBe(values.length);
        expect(gradient.every(Number.isFinite)).toBe(true);
      }
    });
  });
});
