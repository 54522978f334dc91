// Whatever a device is called with, it answers as the loss does in place: the same value, or the same error. And what the caller
// does to the arguments afterwards changes nothing.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { GpuDevice } from "../../src/device/gpu/GpuDevice.js";
import { guarded } from "../../src/device/guarded.js";
import * as lovasz from "../../src/index.js";
import { sizeOf } from "../../src/tensor/shape.js";
import { cpuLibrary } from "../helpers/gpuLibrary.js";
import { INPUTS, LABELS, WEIGHTS, WRONG_INPUTS, WRONG_LABELS, WRONG_SHAPES, WRONG_WEIGHTS } from "../helpers/oddArguments.js";
import { WORKER } from "../helpers/worker.js";

const { lovaszHinge, lovaszSigmoid, lovaszSoftmax, lovaszExtension, LovaszError, openDevice } = lovasz;

// of auto: whatever can leave the calling thread does
vi.mock(import("../../src/device/calibration.js"), async (original) => ({ ...(await original()), threshold: () => 0 }));

const DEVICES = {
  wasm: () => openDevice("wasm"),
  threads: () => openDevice("threads", { worker: WORKER, workers: 2, least: 0 }),
  auto: () => openDevice("auto", { worker: WORKER, workers: 2, least: 0 }),
  gpu: async () => {
    const backend = { mode: "webgl2", renderer: "none", software: true, elements: 2 ** 20, lines: 16 } as const;
    return guarded(new GpuDevice(cpuLibrary().library, backend));
  },
};

type Any = never;
type Outcome = { value: number; grad: number[] } | { code: string; message: string };

async function outcomeOf(run: () => unknown): Promise<Outcome> {
  try {
    const { value, grad } = (await run()) as lovasz.ValueAndGrad;
    return { value, grad: [...grad] };
  } catch (error) {
    expect(error).toBeInstanceOf(LovaszError);
    const { code, message } = error as InstanceType<typeof LovaszError>;
    return { code, message };
  }
}

function expectAlike(came: Outcome, expected: Outcome): void {
  if (!("value" in expected) || !("value" in came)) {
    expect(came).toEqual(expected);
    return;
  }
  expect(came.value).toBeCloseTo(expected.value, 5);
  expect(came.grad.length).toBe(expected.grad.length);
  came.grad.forEach((one, i) => {
    expect(one).toBeCloseTo(expected.grad[i], 5);
  });
}

const chosen = <T>(table: Record<string, T>) => fc.constantFrom(...Object.keys(table)).map((name) => table[name]);
const mostly = <T, U>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: wrong });

const LOSSES = [
  { loss: lovaszHinge, shapes: [[8], [2, 4], [4, 2], [1, 8], [0, 8], [8, 0]], classes: 1 },
  { loss: lovaszSigmoid, shapes: [[8], [2, 4], [2, 2, 2], [0]], classes: 1 },
  { loss: lovaszExtension, shapes: [[8], [2, 4]], classes: 1 },
  {
    loss: lovaszSoftmax,
    shapes: [
      [1, 2, 4],
      [2, 2, 2],
      [4, 2],
      [0, 2, 4],
      [2, 0, 4],
      [2, 2, 0],
    ],
    classes: 2,
  },
  {
    loss: lovasz.crossEntropy,
    shapes: [
      [1, 2, 4],
      [2, 2, 2],
      [0, 2, 2],
    ],
    classes: 2,
  },
  { loss: lovasz.binaryCrossEntropy, shapes: [[8], [2, 4], [0, 2]], classes: 1 },
  { loss: lovasz.dice, shapes: [[8], [2, 4], [0, 2]], classes: 1 },
  {
    loss: lovasz.lovaszMultilabel,
    shapes: [
      [2, 2, 2],
      [0, 2, 2],
    ],
    classes: 1,
  },
] as const;

const call = fc
  .record({
    kind: fc.constantFrom(...LOSSES),
    at: fc.nat(),
    input: mostly(chosen(INPUTS), chosen(WRONG_INPUTS)),
    labels: mostly(chosen(LABELS), chosen(WRONG_LABELS)),
    weights: fc.option(mostly(chosen(WEIGHTS), chosen(WRONG_WEIGHTS)), { nil: undefined, freq: 2 }),
    wrongShape: fc.option(fc.constantFrom(...WRONG_SHAPES), { nil: undefined, freq: 8 }),
    others: fc.dictionary(fc.constantFrom("perImage", "ignore", "method", "out", "classes", "fromLogits", "layout"), fc.nat(3), {
      maxKeys: 2,
    }),
  })
  .map(({ kind, at, input, labels, weights, wrongShape, others }) => {
    const shape = kind.shapes[at % kind.shapes.length];
    const n = sizeOf(shape);
    const values: number[] = Array.from({ length: n }, (_, i) => Math.abs(Math.sin(i * 1.7 + 0.3)));
    // [B, C, ...] or [P, C]
    const pixels = kind.classes === 1 ? n : shape[0] * sizeOf(shape.slice(2));
    const truth = Array.from({ length: pixels }, (_, i) => i % 2);
    const choices: Record<string, unknown[]> = {
      perImage: [true, false, "yes", undefined],
      ignore: [255, null, 0.5, 1],
      method: ["sort", "histogram", "other", null],
      out: [new Float32Array(n), new Float32Array(3), null, undefined],
      classes: ["present", "all", [1], [5]],
      fromLogits: [true, false, null, undefined],
      layout: ["NCHW", "NHWC", "x", undefined],
    };
    const options: Record<string, unknown> = { shape: wrongShape === undefined ? shape : wrongShape };
    for (const [name, pick] of Object.entries(others)) options[name] = choices[name][pick];
    // made anew for each call: the engine may take what lies in its memory
    const make = () => [
      input(values),
      labels(truth),
      { ...options, ...(weights && { pixelWeights: weights(truth.length) }), ...(options.out ? { out: new Float32Array(n) } : {}) },
    ];
    return { loss: kind.loss, make };
  });

describe.each(Object.entries(DEVICES))("the device %s", (name, open) => {
  let device: lovasz.Device;
  beforeAll(async () => {
    device = await open();
  });
  afterAll(() => device.close());

  test("answers as the loss does in place, or says what the loss says", async () => {
    await fc.assert(
      fc.asyncProperty(call, async ({ loss, make }) => {
        const expected = await outcomeOf(() => lovasz.valueAndGrad(loss as Any)(...(make() as [Any, Any, Any])));
        const came = await outcomeOf(() => device.valueAndGrad(loss as Any, ...(make() as [Any, Any, Any])));
        expectAlike(came, expected);
        const after = await device.valueAndGrad(lovaszHinge, Float32Array.of(0.5, 0), [1, 0], { shape: [2, 1] });
        expectAlike({ value: after.value, grad: [...after.grad] }, { value: 0.75, grad: [-0.5, 0.5] });
      }),
      { numRuns: 200 },
    );
  });

  const n = 2 ** 10;
  const x = Float32Array.from({ length: n }, (_, i) => Math.sin(i * 1.7) * 2);
  const y = Uint8Array.from({ length: n }, (_, i) => Number(i % 3 === 0));
  const w = Float32Array.from({ length: n }, (_, i) => (i % 10) / 10);
  const softmaxOf = { shape: [4, 4, n / 16], pixelWeights: [...w.subarray(0, n / 4)], classes: [0, 1], classWeights: [1, 2, 3, 4] };
  const CHANGES: [string, unknown, () => unknown[], (all: Any[]) => void][] = [
    ["the input", lovaszHinge, () => [x.slice(), y, { shape: [2, n / 2] }], ([input]: Float32Array[]) => input.fill(0)],
    ...Object.entries(LABELS)
      .filter(([kind]) => kind !== "in the engine's memory")
      .map(([kind, make]): (typeof CHANGES)[number] => [
        `labels, ${kind}`,
        lovaszHinge,
        () => [x, make([...y]), { shape: [2, n / 2] }],
        ([, labels]: (Uint8Array | Uint8Array[] | lovasz.Tensor)[]) => {
          if (labels instanceof lovasz.Tensor) labels.data.fill(0);
          else if (labels.length < n) for (const row of labels as Uint8Array[]) row.fill(0);
          else (labels as Uint8Array).fill((typeof labels[0] === "bigint" ? 0n : 0) as number);
        },
      ]),
    [
      "weights",
      lovaszHinge,
      () => [x, y, { pixelWeights: w.slice() }],
      ([, , { pixelWeights }]: { pixelWeights: Float32Array }[]) => pixelWeights.fill(0),
    ],
    ["a shape", lovaszHinge, () => [x, y, { shape: [2, n / 2] }], ([, , { shape }]: { shape: number[] }[]) => shape.fill(0)],
    ...(["shape", "pixelWeights", "classes", "classWeights"] as const).map((option): (typeof CHANGES)[number] => [
      `${option} of a softmax`,
      lovaszSoftmax,
      () => [x, y.subarray(0, n / 4), structuredClone(softmaxOf)],
      ([, , options]: (typeof softmaxOf)[]) => options[option].fill(1),
    ]),
    [
      "a set function",
      lovaszExtension,
      () => [x.map(Math.abs), y, { shape: [2, n / 2], perImage: true, setFunction: { tversky: { alpha: 0.25, beta: 2 } } }],
      ([, , { setFunction }]: { setFunction: { tversky: { alpha: number } } }[]) => {
        setFunction.tversky.alpha = 9;
      },
    ],
    [
      "options",
      lovaszHinge,
      () => [x, y, { shape: [2, n / 2], perImage: false }],
      ([, , options]: { perImage: boolean }[]) => {
        options.perImage = true;
      },
    ],
  ];
  test.each(CHANGES)("has read %s before it returns its promise", async (_, loss, make, change) => {
    const expected = await outcomeOf(() => lovasz.valueAndGrad(loss as Any)(...(make() as [Any, Any, Any])));
    const all = make();
    // a new one, for auto reads its arguments another way while it opens its workers
    const opened = name === "auto" ? await open() : device;
    const pending = opened.valueAndGrad(loss as Any, ...(all as [Any, Any, Any]));
    change(all as Any[]);
    expectAlike(await outcomeOf(() => pending), expected);
    if (opened !== device) await opened.close();
  });
});
