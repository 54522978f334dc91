// Memory that runs out at any allocation of any call: a LovaszError "memory" comes, at once all is as it was before the call, and the
// same call succeeds afterwards.
import { expect, test, vi } from "vitest";
import { deferredLoss } from "../src/device/deferredLoss.js";
import * as lovasz from "../src/index.js";
import { LovaszError, memory, nn, optim, type Tensor, tensor, valueAndGrad } from "../src/index.js";
import { apply, merge, type SketchLoss, sketch, weigh } from "../src/sketch/index.js";
import { failAt } from "./helpers/faults.js";
import { normals } from "./helpers/random.js";

vi.mock("../src/wasm/instance.js", async (original) => (await import("./helpers/faults.js")).failing(await original()));

/** A call on things made for it: `run` reads its result and gives back all it took, also where it throws. */
interface Prepared {
  run: () => unknown;
  /** What no failed call may change. */
  state: () => unknown;
  dispose: () => void;
}

function outlasts(prepare: () => Prepared): void {
  const empty = memory();
  const whole = prepare();
  const expected = [whole.run(), whole.state()];
  whole.dispose();
  expect(memory()).toEqual(empty);
  for (const forGood of [false, true]) {
    for (let k = 0; ; k++) {
      const { run, state, dispose } = prepare();
      const [held, before] = [memory(), state()];
      const { error, refused } = failAt(k, forGood, run);
      const at = `allocation ${k}${forGood ? " and later ones" : ""}`;
      if (!refused) {
        expect(error, at).toBeNull();
        expect(k).toBeGreaterThan(0);
        dispose();
        break;
      }
      expect(error, at).toBeInstanceOf(LovaszError);
      expect((error as LovaszError).code, at).toBe("memory");
      expect(memory(), at).toEqual(held);
      expect(state(), at).toEqual(before);
      expect([run(), state()], at).toEqual(expected);
      dispose();
      expect(memory(), at).toEqual(empty);
    }
  }
}

const valuesOf = (one: Tensor) => [one.data.slice(), one.grad?.data.slice() ?? null];

/** `fn` of tensors of the given shapes, forward and backward. With `again`, these have gradients already. */
function operator(shapes: readonly (readonly number[])[], fn: (...inputs: Tensor[]) => Tensor, again = false): Prepared {
  const inputs = shapes.map((shape, i) => {
    const made = tensor(normals(size(shape), i + 1).map(Math.abs), shape, { requiresGrad: true });
    if (again) made.grad = lovasz.ones(shape);
    return made;
  });
  return {
    run: () => {
      const out = fn(...inputs);
      try {
        const value = out.toArray();
        const upstream = lovasz.full(out.shape, 2);
        try {
          out.backward(upstream);
        } finally {
          upstream.dispose();
        }
        return value;
      } finally {
        out.dispose();
      }
    },
    state: () => inputs.map(valuesOf),
    dispose: () => {
      for (const input of inputs) input.dispose();
    },
  };
}

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

const image = [1, 2, 5, 4];
const activations = ["leakyRelu", "relu6", "silu", "gelu", "hardswish"] as const;
const operators: Record<string, [shapes: number[][], fn: (...inputs: Tensor[]) => Tensor]> = {
  ...Object.fromEntries(
    (["add", "sub", "mul", "div"] as const).flatMap((name) => [
      [
        name,
        [
          [
            [2, 3],
            [2, 3],
          ],
          (a, b) => a[name](b),
        ],
      ],
      [
        `${name}, broadcast`,
        [
          [
            [2, 1, 3],
            [4, 1],
          ],
          (a, b) => a[name](b),
        ],
      ],
      [`${name} of itself`, [[[2, 3]], (a) => a[name](a)]],
      [`${name} of a number`, [[[2, 3]], (a) => a[name](3)]],
    ]),
  ),
  ...Object.fromEntries(
    (["neg", "exp", "log", "sqrt", "abs", "relu", "sigmoid", "tanh", ...activations] as const).map((name) => [
      name,
      [[[2, 3]], (a) => a[name]()],
    ]),
  ),
  pow: [[[2, 3]], (a) => a.pow(3)],
  ...Object.fromEntries((["softmax", "logSoftmax", "cumsum"] as const).map((name) => [name, [[[2, 3]], (a) => a[name](1)]])),
  ...Object.fromEntries(
    (["sum", "mean", "max"] as const).flatMap((name) => [
      [name, [[[2, 3, 2]], (a) => a[name]()]],
      [`${name} of an axis`, [[[2, 3, 2]], (a) => a[name](1)]],
      [`${name} of axes`, [[[2, 3, 2]], (a) => a[name]([0, 2])]],
    ]),
  ),
  matmul: [
    [
      [2, 3],
      [3, 2],
    ],
    (a, b) => a.matmul(b),
  ],
  "matmul of batches": [
    [
      [2, 1, 2, 3],
      [4, 3, 2],
    ],
    (a, b) => a.matmul(b),
  ],
  "matmul of vectors": [[[3], [3]], (a, b) => a.matmul(b)],
  sort: [[[2, 3]], (a) => a.sort({ axis: 0, descending: true })],
  gather: [[[4, 2]], (a) => a.gather([1, 1, 3])],
  reshape: [[[4, 2]], (a) => a.reshape([2, -1])],
  transpose: [[[4, 2]], (a) => a.transpose()],
  concat: [
    [
      [4, 2],
      [1, 2],
    ],
    (a, b) => a.concat([b, a], 0),
  ],
  conv2d: [[image, [3, 2, 3, 3], [3]], (x, w, b) => x.conv2d(w, b, { stride: 2, padding: 1 })],
  "conv2d, in groups": [[image, [4, 1, 2, 2], [4]], (x, w, b) => x.conv2d(w, b, { stride: 2, dilation: 2, groups: 2, padding: 1 })],
  convTranspose2d: [[image, [2, 3, 3, 3], [3]], (x, w, b) => x.convTranspose2d(w, b, { stride: 2, padding: 1 })],
  maxPool2d: [[image], (a) => a.maxPool2d(2)],
  avgPool2d: [[image], (a) => a.avgPool2d(2)],
  upsampleNearest: [[image], (a) => a.upsampleNearest(2)],
  groupNorm: [[image, [2], [2]], (x, weight, bias) => x.groupNorm(2, weight, bias)],
  batchNorm: [[image, [2], [2]], (x, weight, bias) => x.batchNorm(weight, bias, { training: true })],
  "batchNorm by running statistics": [
    [image, [2], [2]],
    (x, weight, bias) => lovasz.tidy(() => x.batchNorm(weight, bias, { runningMean: lovasz.zeros([2]), runningVar: lovasz.ones([2]) })),
  ],
  dropout: [[image], (a) => a.dropout(0.5, { seed: 1 })],
  "dropout of everything": [[image], (a) => a.dropout(1, { seed: 1 })],
  upsampleBilinear: [[image], (a) => a.upsampleBilinear(2)],
  "upsampleBilinear of other corners": [[image], (a) => a.upsampleBilinear(3, { alignCorners: true })],
  pad: [[image], (a) => a.pad([1, -1, 0, 2])],
  globalAvgPool2d: [[image], (a) => a.globalAvgPool2d()],
  "globalAvgPool2d of single pixels": [[[1, 2, 1, 1]], (a) => a.globalAvgPool2d()],
  "the same leaf by many ways": [
    [[3]],
    (a) =>
      lovasz.tidy(() =>
        a
          .add(a)
          .add(a.mul(a))
          .sub(a.reshape([3])),
      ),
  ],
  "a leaf itself": [[[3]], (a) => a.add(0)],
};

test.each(Object.entries(operators))("of %s", (_, [shapes, fn]) => {
  outlasts(() => operator(shapes, fn));
  outlasts(() => operator(shapes, fn, true));
});

test("of argsort, item and makers of tensors", () => {
  const makers = [
    () => lovasz.zeros([3]),
    () => lovasz.ones([3]),
    () => lovasz.full([3], 2),
    () => lovasz.randn([3]),
    () => tensor([1, 2]),
  ];
  for (const make of makers) outlasts(() => plain(() => made(make())));
  outlasts(() => {
    const a = tensor([3, 1, 2]);
    return { run: () => a.argsort(), state: () => [...a.data], dispose: () => a.dispose() };
  });
});

const plain = (run: () => unknown): Prepared => ({ run, state: () => null, dispose: () => {} });

function made(one: Tensor): unknown {
  const values = one.toArray();
  one.dispose();
  return values;
}

type Loss = (input: Tensor, labels: never, options?: object) => Tensor;

const binary = { labels: [0, 1, 1, 0, 1, 255], shape: [2, 3] };
const classes = { labels: [0, 1, 255, 2, 1, 1], shape: [2, 3, 3] };
const multilabel = { labels: [1, 0, 0, 1, 255, 1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0, 1], shape: [2, 3, 3] };
const weights = [1, 2, 0.5, 1, 1, 3];
const choices = [
  {},
  { perImage: true },
  { perImage: false },
  { method: "histogram", bins: 64 },
  { reduction: "none" },
  { pixelWeights: weights },
];
const modes = [
  { mode: "binary", ...binary },
  { mode: "multiclass", ...classes },
  { mode: "multilabel", ...multilabel },
];
const regions = Object.entries({ dice: lovasz.dice, jaccard: lovasz.jaccard, tversky: lovasz.tversky, focal: lovasz.focal });
const losses: [name: string, loss: Loss, data: { labels: number[]; shape: number[] }, options: object][] = [
  ...choices.flatMap((options) =>
    [
      ["lovaszHinge", lovasz.lovaszHinge, binary],
      ["lovaszSigmoid", lovasz.lovaszSigmoid, binary],
      ["lovaszSoftmax", lovasz.lovaszSoftmax, classes],
      ["lovaszMultilabel", lovasz.lovaszMultilabel, multilabel],
      ["lovaszExtension", lovasz.lovaszExtension, binary],
    ]
      .filter(([name]) => !("pixelWeights" in options && name === "lovaszMultilabel"))
      .map(([name, loss, data]) => [name, loss, data, options] as never),
  ),
  ["lovaszSoftmax", lovasz.lovaszSoftmax as Loss, classes, { classes: "all", classWeights: [1, 2, 3] }],
  ["lovaszSoftmax", lovasz.lovaszSoftmax as Loss, { ...classes, shape: [6, 3] }, {}],
  ["lovaszExtension", lovasz.lovaszExtension as Loss, binary, { setFunction: { tversky: { alpha: 0.3, beta: 0.7 } } }],
  ["lovaszExtension", lovasz.lovaszExtension as Loss, binary, { setFunction: (fp: number, fn: number, n: number) => (fp + fn) / (n + fp) }],
  ...modes.flatMap(({ mode, ...data }) => regions.map(([name, loss]) => [name, loss, data, { mode }] as never)),
  ["binaryCrossEntropy", lovasz.binaryCrossEntropy as Loss, binary, {}],
  ["binaryCrossEntropy", lovasz.binaryCrossEntropy as Loss, binary, { posWeight: 2, pixelWeights: binary.labels.map((_, i) => i) }],
  ["crossEntropy", lovasz.crossEntropy as Loss, classes, {}],
  ["crossEntropy", lovasz.crossEntropy as Loss, classes, { labelSmoothing: 0.1, classWeights: [1, 2, 3] }],
];

test.each(losses)("of %s", (_, loss, { labels, shape }, rest) => {
  const options = { ignore: 255, ...rest };
  outlasts(() => operator([shape], (x) => loss(x, labels as never, options)));
  // under valueAndGrad nothing is left to the user to free
  if ((options as { reduction?: string }).reduction === "none") return;
  const x = normals(size(shape), 3).map(Math.abs);
  outlasts(() => plain(() => valueAndGrad(loss)(x, labels as never, { ...options, shape } as never)));
});

test("of the same losses as modules, and of losses mixed", () => {
  for (const { mode, labels, shape } of modes) {
    const loss = new lovasz.SegmentationLoss({ mode: mode as "binary", ignore: 255 });
    outlasts(() => operator([shape], (x) => loss.forward(x, labels)));
  }
  const mixed = (x: Tensor, labels: number[]) =>
    lovasz.tidy(() => lovasz.lovaszHinge(x, labels).add(lovasz.binaryCrossEntropy(x, labels).mul(0.5)));
  outlasts(() => plain(() => valueAndGrad(mixed)([1, -2, 0.5], [1, 0, 1])));
  outlasts(() => plain(() => lovasz.multiLovaszHinge(normals(6, 1), [1, 0, 0, 1, 1, 1], { shape: [3, 2] } as never)));
  outlasts(() => plain(() => lovasz.lovaszGrad([1, 0, 1, 1])));
});

const layers: Record<string, [shape: number[], make: () => nn.Module]> = {
  Conv2d: [image, () => new nn.Conv2d(2, 3, 3, { padding: 1 })],
  Linear: [[2, 3], () => new nn.Linear(3, 2)],
  Sequential: [[2, 3], () => new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Tanh(), new nn.Linear(4, 1), new nn.Sigmoid())],
  GroupNorm: [image, () => new nn.GroupNorm(1, 2)],
  BatchNorm2d: [image, () => new nn.BatchNorm2d(2)],
  "BatchNorm2d that predicts": [image, () => new nn.BatchNorm2d(2).eval()],
  UNet: [[1, 1, 4, 4], () => new nn.UNet({ inChannels: 1, width: 1 })],
};

test.each(Object.entries(layers))("of %s, made, run and trained", (name, [shape, make]) => {
  // of layers that are handed to a Sequential, who made them has to free those before the one that fails
  const isMadeWhole = name !== "Sequential";
  if (isMadeWhole)
    outlasts(() =>
      plain(() => {
        const net = make();
        const state = net.stateDict();
        net.dispose();
        return state;
      }),
    );
  const network = () => {
    const [net, x] = [make(), tensor(normals(size(shape), 2), shape)];
    const parameters = net.parameters();
    const dispose = () => {
      for (const one of [net, x]) one.dispose();
    };
    return { net, x, state: () => parameters.map(valuesOf), dispose };
  };
  outlasts(() => {
    const { net, x, state, dispose } = network();
    const run = () =>
      lovasz.tidy(() => {
        const out = net.forward(x);
        const loss = out.mul(out).sum();
        loss.backward();
        return loss.item();
      });
    return { run, state, dispose };
  });
  outlasts(() => {
    const { net, x, state, dispose } = network();
    return { run: () => made(net.forward(x)), state, dispose };
  });
});

test.each([nn.Dropout, nn.Dropout2d])("of %o, whose masks go on where they were", (Layer) => {
  outlasts(() => {
    const [layer, x] = [new Layer(0.5, { seed: 1 }), tensor(normals(size(image), 2), image)];
    return { run: () => made(layer.forward(x)), state: () => null, dispose: () => x.dispose() };
  });
});

test.each([
  ["SGD", (parameters: Tensor[]) => new optim.SGD(parameters, { lr: 0.1, momentum: 0.9 })],
  ["Adam", (parameters: Tensor[]) => new optim.Adam(parameters)],
  ["AdamW", (parameters: Tensor[]) => new optim.AdamW(parameters)],
])("of a step of %s", (_, make) => {
  outlasts(() => {
    const parameters = [1, 2, 3].map((n) => tensor(normals(n, n), [n], { requiresGrad: true }));
    for (const one of parameters) one.grad = lovasz.ones(one.shape);
    const optimizer = make(parameters);
    const dispose = () => {
      for (const one of [...parameters, optimizer]) one.dispose();
    };
    return { run: () => optimizer.step(), state: () => parameters.map(valuesOf), dispose };
  });
});

test("of an optimiser that takes over a state", () => {
  const parameters = () => {
    const made = [1, 2, 3].map((n) => tensor(normals(n, n), [n], { requiresGrad: true }));
    // the last has no state
    for (const one of made.slice(0, 2)) one.grad = lovasz.ones(one.shape);
    return made;
  };
  const first = parameters();
  const saved = new optim.Adam(first, { lr: 0.5 });
  saved.step();
  const state = saved.stateDict();
  for (const one of [...first, saved]) one.dispose();
  outlasts(() => {
    const own = parameters();
    const optimizer = new optim.Adam(own);
    const dispose = () => {
      for (const one of [...own, optimizer]) one.dispose();
    };
    return { run: () => optimizer.loadStateDict(state), state: () => optimizer.stateDict(), dispose };
  });
});

test("of an average of a network", () => {
  outlasts(() => {
    const net = new nn.Linear(3, 2);
    const run = () => {
      const ema = new optim.EMA(net);
      ema.update();
      ema.swap();
      const average = ema.stateDict();
      ema.swap();
      ema.dispose();
      return average;
    };
    return { run, state: () => net.stateDict(), dispose: () => net.dispose() };
  });
});

test("a step whose parameters cannot all be brought back from rest moves none", () => {
  const [p, q] = [1, 2].map((value) => {
    const leaf = tensor([value], [1], { requiresGrad: true });
    const out = leaf.mul(2);
    out.backward();
    leaf.dispose();
    out.grad = lovasz.ones([1]);
    return out;
  });
  const sgd = new optim.SGD([p, q], { lr: 1 });
  for (let k = 0; k < 3; k++) {
    const { error } = failAt(k, true, () => sgd.step());
    expect(error).toBeInstanceOf(LovaszError);
    expect([p.item(), q.item()]).toEqual([2, 4]);
  }
  sgd.step();
  expect([p.item(), q.item()]).toEqual([1, 3]);
  for (const one of [p, q, sgd]) one.dispose();
});

test("of a loss that is computed elsewhere", async () => {
  const before = memory();
  const logits = tensor([1, 2], [2], { requiresGrad: true });
  const held = memory();
  const compute = async () => ({ value: 3, grad: Float32Array.of(1, 2) });
  for (let k = 0; k < 2; k++) {
    let pending: Promise<Tensor> | undefined;
    failAt(k, true, () => {
      pending = deferredLoss(logits, compute);
    });
    await expect(pending).rejects.toMatchObject({ code: "memory" });
    expect(memory()).toEqual(held);
  }
  const loss = await deferredLoss(logits, compute);
  loss.backward();
  expect(logits.grad?.toArray()).toEqual([1, 2]);
  for (const one of [loss, logits]) one.dispose();
  expect(memory()).toEqual(before);
});

const sketched: [SketchLoss, { labels: number[]; shape: number[] }][] = [
  ["hinge", binary],
  ["sigmoid", binary],
  ["softmax", classes],
  ["softmax", { ...classes, shape: [6, 3] }],
];

test.each(sketched)("of a sketch of %s, merged, weighed and applied", (loss, { labels, shape }) => {
  const x = normals(size(shape), 1);
  const part = () => sketch(loss, x, labels, { shape, ignore: 255, bins: 16 });
  outlasts(() => plain(part));
  const summary = merge(part(), part());
  outlasts(() => plain(() => weigh(summary)));
  const weighed = weigh(summary);
  outlasts(() => plain(() => apply(weighed, x, labels, { shape, ignore: 255 })));
});
