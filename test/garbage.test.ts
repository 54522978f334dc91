// Whatever comes in: a right answer or a LovaszError, and an engine that still answers as before.
import fc from "fast-check";
import { expect, test } from "vitest";
import * as lovasz from "../src/index.js";
import { expectError } from "./helpers/errors.js";

const { LovaszError, tensor } = lovasz;

const disposed = tensor([1, 2, 3, 4]);
disposed.dispose();
const detached = new Float32Array(4);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
const cyclic: unknown[] = [];
cyclic.push(cyclic);

const oddities: readonly unknown[] = [
  ...[undefined, null, "", "abc", 10n, Symbol("s"), true, () => 1, {}, Object.create(null), new Map(), new Date(0), Promise.resolve(1)],
  ...[Number.NaN, Infinity, -1, 0.5, -0, 0, 1, 2, 3, 2 ** 31, 2 ** 32, 1e300],
  ...[
    [],
    [[]],
    [1, 0, 1, 0],
    [[1, 2], [3]],
    [
      [1, 2],
      [3, 4],
    ],
    [1e9, 1e9],
    [2 ** 28],
    [1e9, 0],
    [0, 1e9],
    [2, 2],
    [1, 0],
    [-1],
    [1.5],
  ],
  ...[
    ["1", "0"],
    [1n, 0n],
    [Symbol("s"), 1],
    [{}, {}],
    [Object.create(null)],
    [undefined, 1],
    new Array(40).fill(1),
    cyclic,
    { length: 1e12 },
  ],
  ...[[Number.NaN, Infinity, 1, -Infinity], new Float32Array(4).fill(Number.NaN), Uint8Array.of(1, 0, 1, 0), new Uint8Array(9)],
  ...[
    Float32Array.of(0.1, 0.9, 0.5, 0.2),
    new Float64Array(4),
    new BigInt64Array(4),
    new DataView(new ArrayBuffer(16)),
    new ArrayBuffer(8),
  ],
  ...[new Float32Array(new SharedArrayBuffer(16)), new Uint8Array(new SharedArrayBuffer(4)), detached, disposed],
  ...[
    tensor(3),
    tensor([1, 0, 1, 0]),
    tensor([
      [1, 0],
      [0, 1],
    ]),
    lovasz.ones([1, 1, 2, 2]),
    lovasz.zeros([0]),
    lovasz.zeros([0, 3]),
  ],
  ...[{ tversky: 5 }, { mode: "binary" }, { requiresGrad: "yes" }],
];

const names = [
  "ignore",
  "perImage",
  "reduction",
  "shape",
  "layout",
  "pixelWeights",
  "fromLogits",
  "classes",
  "classWeights",
  "setFunction",
];
names.push("mode", "alpha", "beta", "gamma", "smooth", "eps", "logLoss", "empty", "axis", "descending", "stride", "padding", "seed", "out");
names.push("requiresGrad", "lr", "betas", "momentum", "weightDecay", "width", "inChannels", "outChannels", "bias", "retainGraph");
names.push("posWeight", "labelSmoothing", "from", "to", "steps", "warmup", "power", "decay");

const oddity = fc.constantFrom(...oddities);
const plain = fc.constantFrom(
  Float32Array.of(1, -2, 3, 4),
  [1, 0, 1, 0],
  [1, 0],
  [2, 2],
  1,
  2,
  tensor([
    [1, 2],
    [3, 4],
  ]),
);
const options = fc.dictionary(fc.constantFrom(...names), oddity, { minKeys: 1, maxKeys: 2 });
const argument = fc.oneof({ weight: 3, arbitrary: oddity }, { weight: 3, arbitrary: plain }, { weight: 2, arbitrary: options });
const call = fc.array(argument, { maxLength: 4 });

type Call = (...all: unknown[]) => unknown;

const {
  Tensor,
  LovaszError: _,
  optim,
  nn,
  SegmentationLoss,
  valueAndGrad,
  noGrad,
  tidy,
  memory,
  openDevice,
  setThreads,
  ...functions
} = lovasz;
const made: Record<string, Call> = {
  ...(functions as unknown as Record<string, Call>),
  valueAndGrad: (loss, ...rest) => valueAndGrad((typeof loss === "function" ? loss : lovasz.lovaszHinge) as never)(...(rest as [never])),
  softmaxOf: (...all) => valueAndGrad(lovasz.lovaszSoftmax)(...(all as [never])),
  noGrad: (fn) => noGrad(fn as never),
  tidy: (fn) => tidy(fn as never),
  SegmentationLoss: (first, ...rest) => new SegmentationLoss(first as never).forward(...(rest as [never, never])),
  SGD: (...all) => new optim.SGD(...(all as [never, never])).step(),
  Adam: (...all) => new optim.Adam(...(all as [never, never])).step(),
  AdamW: (...all) => new optim.AdamW(...(all as [never, never])).step(),
  clipGradNorm: (...all) => optim.clipGradNorm(...(all as [never, never])),
  cosine: (options, step) => optim.cosine(options as never)(step as never),
  poly: (options, step) => optim.poly(options as never)(step as never),
  EMA: (...all) => new optim.EMA(...(all as [never, never])).update(),
  loadAverage: (weight, bias) => new optim.EMA(new nn.Linear(2, 2)).loadStateDict({ weight, bias } as never),
  loadState: (...all) => {
    const optimizer = new optim.Adam([tensor([1, 2, 3, 4], [2, 2], { requiresGrad: true })]);
    const [options, parameters, state] = all;
    optimizer.loadStateDict((all.length === 1 ? all[0] : { optimizer: "Adam", options, parameters, state }) as never);
  },
  Conv2d: (i, o, k, ...rest) => new nn.Conv2d(i as never, o as never, k as never, ...(rest as [never])).forward(lovasz.ones([1, 1, 2, 2])),
  Linear: (...all) => new nn.Linear(...(all as [never, never])).forward(tensor([[1, 2]])),
  UNet: (all, input) => new nn.UNet(all as never).forward(input as never),
  loadStateDict: (weight, bias) => new nn.Linear(2, 2).loadStateDict({ weight, bias } as never),
  loadData: (weight, bias) =>
    new nn.Linear(1, 1).loadStateDict({ weight: { shape: [1, 1], data: weight }, bias: { shape: [1], data: bias } } as never),
  backward: (...all) =>
    tensor(
      [
        [1, 2],
        [3, 4],
      ],
      undefined,
      { requiresGrad: true },
    )
      .mul(2)
      .backward(...(all as [never])),
};
const internal = ["constructor", "checkAlive", "vanish", "rest", "dispose"];
for (const name of Object.getOwnPropertyNames(Tensor.prototype)) {
  const { value } = Object.getOwnPropertyDescriptor(Tensor.prototype, name) as PropertyDescriptor;
  if (typeof value !== "function" || internal.includes(name)) continue;
  made[`.${name}`] = (first, ...rest) =>
    (value as Call).apply(
      first instanceof Tensor
        ? first
        : tensor([
            [1, 2],
            [3, 4],
          ]),
      rest,
    );
}

function known(): unknown {
  return tidy(() => [
    valueAndGrad(lovasz.lovaszHinge)([0.5, -0.25, 2, -3], [1, 0, 0, 1]),
    valueAndGrad(lovasz.lovaszSoftmax)([0.5, -0.25, 2, -3], [1, 0], { shape: [2, 2] }),
    tensor([3, 1, 2]).sort().toArray(),
    tensor([
      [1, 2],
      [3, 4],
    ])
      .matmul(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      )
      .toArray(),
  ]);
}

const right = known();

test.each(Object.keys(made))("%s takes anything or says what is wrong with it", (name) => {
  fc.assert(
    fc.property(call, (all) => {
      try {
        const result = tidy(() => {
          const came = made[name](...all);
          // what tidy itself does not take: noGrad hands back a function's promise
          return came instanceof Promise ? undefined : came;
        });
        if (result instanceof Tensor) result.dispose();
      } catch (error) {
        if (!(error instanceof LovaszError)) throw error;
        expect(error.message.length).toBeGreaterThan(10);
      }
      expect(known()).toEqual(right);
    }),
    { numRuns: 150 },
  );
});

test("devices and threads take anything or say what is wrong with it", async () => {
  const device = await openDevice("wasm");
  const calls: ((...all: unknown[]) => Promise<unknown>)[] = [
    (name, options) => openDevice(name as never, options as never).then((opened) => opened.close()),
    (...all) => device.valueAndGrad(lovasz.lovaszHinge as never, ...(all as [never, never])),
    (loss, ...rest) => device.valueAndGrad(loss as never, ...(rest as [never, never])),
    (...all) => device.loss(lovasz.lovaszHinge as never, ...(all as [never, never])),
    (...all) => device.sort(...(all as [never])),
    (...all) => device.cumsum(...(all as [never])),
    (...all) => setThreads(...(all as [never])),
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...calls), call, async (ask, all) => {
      await ask(...all).catch((error) => {
        if (!(error instanceof LovaszError)) throw error;
        expect(error.message.length).toBeGreaterThan(10);
      });
      expect(known()).toEqual(right);
    }),
    { numRuns: 900 },
  );
  await device.close();
  await setThreads(1);
});

test("tensors that memory cannot hold are refused, and the engine goes on", () => {
  for (const shape of [[1e9, 1e9], [2 ** 28], [2 ** 31], [2 ** 26, 64], [1e9, 0]]) {
    for (const make of [lovasz.zeros, lovasz.ones, lovasz.randn]) expectError(() => make(shape), "memory", /./);
  }
  const [image, kernel] = [lovasz.ones([1, 1, 2, 2]), lovasz.ones([1, 1, 1, 1])];
  const [row, column] = [lovasz.zeros([1, 2 ** 16]), lovasz.zeros([2 ** 16, 1])];
  expectError(() => lovasz.add(row, column), "memory", /cannot allocate \d+ bytes/);
  expectError(() => lovasz.conv2d(image, kernel, null, { padding: 2 ** 20 }), "memory", /cannot allocate \d+ bytes/);
  expect(known()).toEqual(right);
});
