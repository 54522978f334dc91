// What every device must do, whatever it runs on: one set of laws and reference cases, run over each.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Device, Loss } from "../../src/device/device.js";
import * as lovasz from "../../src/index.js";
import { binaryCase, permutationOf, VOID } from "../helpers/arbitraries.js";
import { expectClose, expectSame, type Tolerance } from "../helpers/closeTo.js";
import { describeGolden, goldenCases } from "../helpers/golden.js";
import { inputOf, LABEL_CASES } from "../helpers/labelCases.js";
import { integers, normals } from "../helpers/random.js";
import { diceSet } from "../oracle/extension.js";
import * as oracle from "../oracle/lovasz.js";

const { lovaszHinge, lovaszSigmoid, lovaszSoftmax, lovaszExtension, LovaszError, memory, tensor } = lovasz;

export interface Conformance {
  /** Of losses, and of gradients as a share of their largest entry. Default 2e-5 each. */
  tolerance?: Tolerance;
  /** Random cases of each law. Default 100. */
  runs?: number;
  /** The largest number of pixels to try, a power of two. Default 2^20. */
  largest?: number;
}

type Call = { value: number; grad: ArrayLike<number> };

/** Registers the suite for the device that `open` opens. */
export function conformance(name: string, open: () => Promise<Device>, settings: Conformance = {}): void {
  const { tolerance = { absolute: 2e-5, relative: 2e-5 }, runs = 100, largest = 2 ** 20 } = settings;
  describe(name, () => {
    let device: Device;
    let live: ReturnType<typeof memory>;
    beforeAll(async () => {
      device = await open();
      live = memory();
    });
    afterAll(async () => {
      expect(memory()).toEqual(live);
      await device.close();
    });

    const same = (came: Call, expected: Call) => {
      expectClose([came.value], [expected.value], tolerance, "loss");
      let most = 0;
      for (let i = 0; i < expected.grad.length; i++) most = Math.max(most, Math.abs(expected.grad[i]));
      const { absolute = 2e-5, relative } = tolerance;
      // a softmax that is all but certain has gradients of the rounding of its probabilities
      expectClose(came.grad, expected.grad, { absolute: absolute * Math.max(most, 1e-6), relative }, "gradient");
    };
    const suite = { device: () => device, same, runs, largest };
    references(suite);
    laws(suite);
    edges(suite);
    sizes(suite);
    arrays(suite);
    graph(suite);
    refusals(suite);
    several(suite);
    ending(open);
  });
}

interface Suite {
  device: () => Device;
  same: (came: Call, expected: Call) => void;
  runs: number;
  largest: number;
}

const losses: Record<string, Loss> = {
  lovaszHinge,
  lovaszSigmoid,
  lovaszSoftmax,
  binaryCrossEntropy: lovasz.binaryCrossEntropy,
  crossEntropy: lovasz.crossEntropy,
  focal: lovasz.focal,
  dice: lovasz.dice,
  jaccard: lovasz.jaccard,
  tversky: lovasz.tversky,
};

function references({ device }: Suite): void {
  for (const [op, loss] of Object.entries(losses)) {
    describeGolden(`${op} agrees with PyTorch`, () => {
      test.each(goldenCases(op).map((one) => [one.name, one] as const))("%s", async (_, one) => {
        const { input, ...rest } = one.options;
        const options = { ...rest, ...(input === undefined ? {} : { fromLogits: input === "logits" }), shape: one.shape };
        const { value, grad } = await device().valueAndGrad(loss, Float32Array.from(one.values), one.labels, options);
        expectClose([value], [one.loss], { absolute: 2e-5, relative: 2e-5 }, "loss");
        if (one.grad) expectClose(grad, one.grad, { absolute: 2e-5, relative: 2e-5 }, "grad");
      });
    });
  }
}

// logits that no rounding makes equal; some pixels alike in all
const softmaxCase = fc
  .record({
    seed: fc.nat(),
    shape: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 20 })),
    scale: fc.constantFrom(0.1, 1, 10),
    classes: fc.constantFrom<"present" | "all" | number[]>("present", "all", [1], [1, 0]),
    perImage: fc.boolean(),
  })
  .map(({ seed, shape, scale, classes, perImage }) => {
    const [images, count, pixels] = shape;
    const logits = normals(images * count * pixels, seed).map((x) => scale * x);
    const labels = integers(images * pixels, count + 1, seed + 1).map((c) => (c === count ? VOID : c));
    for (let i = 1; i < pixels; i += 4) {
      for (let row = 0; row < images * count; row++) logits[row * pixels + i] = logits[row * pixels];
    }
    return { logits, labels, options: { shape: [images, count, pixels], classes, perImage, ignore: VOID } };
  });

// hinge and sigmoid errors of these differ where the logits do, in any arithmetic
const plainCase = binaryCase.map(({ shape, logits, labels }) => {
  return { shape, labels, logits: logits.map((x) => Math.max(-8, Math.min(8, Math.round(x * 64) / 64))) };
});

function laws({ device, same, runs }: Suite): void {
  const numRuns = runs;
  test("lovaszHinge and lovaszSigmoid are the Lovász extension of their definitions, and so are their gradients", async () => {
    await fc.assert(
      fc.asyncProperty(plainCase, fc.boolean(), async ({ shape, logits, labels }, perImage) => {
        const options = { shape, perImage, ignore: VOID };
        same(await device().valueAndGrad(lovaszHinge, logits, labels, options), oracle.hinge(logits, labels, options));
        same(await device().valueAndGrad(lovaszSigmoid, logits, labels, options), oracle.sigmoid(logits, labels, options));
      }),
      { numRuns },
    );
  });

  test("lovaszSoftmax is the mean of the extensions of its classes, whichever count, and so is its gradient", async () => {
    await fc.assert(
      fc.asyncProperty(softmaxCase, async ({ logits, labels, options }) => {
        same(await device().valueAndGrad(lovaszSoftmax, logits, labels, options), oracle.softmax(logits, labels, options));
      }),
      { numRuns },
    );
  });

  test("does not depend on the order of the pixels; equal pixels have equal gradients", async () => {
    const shuffled = plainCase.chain((one) => fc.tuple(fc.constant(one), permutationOf(one.logits.length)));
    await fc.assert(
      fc.asyncProperty(shuffled, async ([{ logits, labels }, order]) => {
        const first = await device().valueAndGrad(lovaszHinge, logits, labels, { ignore: VOID });
        const [moved, movedLabels] = [logits.map((_, i) => logits[order[i]]), labels.map((_, i) => labels[order[i]])];
        const { value, grad } = await device().valueAndGrad(lovaszHinge, moved, movedLabels, { ignore: VOID });
        same({ value, grad }, { value: first.value, grad: order.map((from) => first.grad[from]) });
        const seen = new Map<string, number>();
        moved.forEach((logit, i) => {
          const key = `${logit + 0} ${movedLabels[i]}`;
          expect(grad[i]).toBe(seen.get(key) ?? grad[i]);
          seen.set(key, grad[i]);
        });
      }),
      { numRuns },
    );
  });
}

const EDGES: Record<string, [logits: number[], labels: number[]]> = {
  "a single positive": [[0.5], [1]],
  "a single negative": [[0.5], [0]],
  "a single ignored pixel": [[0.5], [VOID]],
  "ignored pixels only": [
    [1, 2, Number.NaN],
    [VOID, VOID, VOID],
  ],
  "no positives": [
    [0.5, -0.25, 2, -3],
    [0, 0, 0, 0],
  ],
  "no negatives": [
    [0.5, -0.25, 2, -3],
    [1, 1, 1, 1],
  ],
  "all equal": [new Array(33).fill(0.25), Array.from({ length: 33 }, (_, i) => (i % 3) & 1)],
  "zeros of both signs": [
    [0, -0, 0, -0, 1],
    [0, 0, 1, 1, 1],
  ],
  denormals: [
    [1e-45, 1e-45, 3e-39, 3e-39, -1e-40],
    [1, 1, 1, 1, 1],
  ],
  "margins on the kink": [
    [1, -1, 1, -1, 0.5],
    [1, 0, 0, 1, 1],
  ],
  "huge logits": [
    [1e4, -1e4, 1e30, -1e30],
    [0, 1, 1, 0],
  ],
};

function edges({ device, same }: Suite): void {
  test.each(Object.entries(EDGES))("%s", async (_, [values, labels]) => {
    const logits = Float32Array.from(values);
    const options = { shape: [logits.length], ignore: VOID };
    same(await device().valueAndGrad(lovaszHinge, logits, labels, options), oracle.hinge(logits, labels, options));
    same(await device().valueAndGrad(lovaszSigmoid, logits, labels, options), oracle.sigmoid(logits, labels, options));
  });

  test("a class that no pixel has, an image of ignored pixels, an empty batch", async () => {
    const logits = normals(2 * 3 * 5, 4);
    const labels = Uint8Array.of(0, 1, 0, 1, 0, VOID, VOID, VOID, VOID, VOID);
    for (const classes of ["present", "all"] as const) {
      for (const perImage of [true, false]) {
        const options = { shape: [2, 3, 5], ignore: VOID, classes, perImage };
        same(await device().valueAndGrad(lovaszSoftmax, logits, labels, options), oracle.softmax(logits, labels, options));
      }
    }
    const empty = await device().valueAndGrad(lovaszHinge, new Float32Array(0), [], { shape: [0, 4] });
    expect(empty).toEqual({ value: 0, grad: new Float32Array(0) });
  });
}

// sizes around powers of two, which kernels, chunks and paddings turn at
function sizes({ device, same, largest }: Suite): void {
  const counts = [1, 2, 3, 7, 8, 9, 255, 257, 1023, 4096, 4099, 65_537, largest - 1, largest].filter((n) => n <= largest);
  test.each([...new Set(counts)])("%i pixels, as one image and as several", async (n) => {
    const logits = normals(n, n);
    const labels = Uint8Array.from(normals(n, n + 1), (x) => (x > 1 ? 1 : x < -2 ? VOID : 0));
    const images = n % 4 === 0 ? 4 : n % 3 === 0 ? 3 : 1;
    for (const shape of [[n], [images, n / images]]) {
      for (const loss of [lovaszHinge, lovaszSigmoid]) {
        const options = { shape, ignore: VOID };
        same(await device().valueAndGrad(loss, logits, labels, options), lovasz.valueAndGrad(loss)(logits, labels, options));
      }
    }
  });

  const grids = [
    [1, 21, 128 * 128],
    [2, 5, 4099],
    [5, 3, 1000],
    [3, 2, 1],
  ].filter(([images, classes, pixels]) => images * classes * pixels <= 4 * largest);
  test.each(grids)("%i images of %i classes and %i pixels, together and each", async (images, classes, pixels) => {
    const logits = normals(images * classes * pixels, 9).map((x) => 4 * x);
    const labels = integers(images * pixels, classes, 10).map((c, i) => (i % 11 === 3 ? VOID : c));
    const shape = [images, classes, pixels];
    const weights = normals(images * pixels, 12).map(Math.abs);
    const variants = [
      {},
      { perImage: true },
      { classes: "all" },
      { pixelWeights: weights },
      { classWeights: normals(classes, 13).map(Math.abs) },
    ];
    for (const variant of variants) {
      const options = { shape, ignore: VOID, ...variant } as lovasz.LovaszSoftmaxOptions;
      same(
        await device().valueAndGrad(lovaszSoftmax, logits, labels, options),
        lovasz.valueAndGrad(lovaszSoftmax)(logits, labels, options),
      );
    }
  });

  test("rows of [P, C], and channels last", async () => {
    const [logits, labels] = [normals(5000 * 3, 14), integers(5000, 3, 15)];
    for (const options of [{ shape: [5000, 3] }, { shape: [5, 1000, 3], layout: "NHWC" as const }]) {
      same(
        await device().valueAndGrad(lovaszSoftmax, logits, labels, options),
        lovasz.valueAndGrad(lovaszSoftmax)(logits, labels, options),
      );
    }
  });

  test("probabilities, errors, other set functions, weights of pixels", async () => {
    const n = 5000;
    const errors = normals(n, 16).map((x) => Math.min(1, Math.abs(x) / 2));
    const labels = integers(n, 2, 17);
    const pixelWeights = normals(n, 18).map(Math.abs);
    const shape = [1, n];
    const calls = [
      [lovaszSigmoid, { shape, fromLogits: false }],
      [lovaszSigmoid, { shape, pixelWeights }],
      [lovaszHinge, { shape, pixelWeights }],
      [lovaszExtension, { shape, setFunction: "dice" }],
      [lovaszExtension, { shape, pixelWeights, setFunction: { tversky: { alpha: 0.3, beta: 0.7 } } }],
    ] as const;
    for (const [loss, options] of calls) {
      const run = loss as typeof lovaszExtension;
      same(await device().valueAndGrad(run, errors, labels, options), lovasz.valueAndGrad(run)(errors, labels, options));
    }
    const dice = await device().valueAndGrad(lovaszExtension, errors.slice(0, 40), labels.slice(0, 40), { setFunction: "dice" });
    same(dice, oracle.extensionLoss(errors.slice(0, 40), labels.slice(0, 40), { shape: [40], set: diceSet }));
  });
}

function arrays({ device, largest }: Suite): void {
  const special = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, -1e-45, 3, 3, -3];
  const kinds: [string, Float32Array][] = [
    ["nothing", new Float32Array(0)],
    ["one value", Float32Array.of(7)],
    ["special values", Float32Array.from(special)],
    ["many ties", Float32Array.from(integers(10_000, 5, 21))],
    ["all equal", new Float32Array(Math.min(70_000, largest)).fill(2)],
    ["many values", normals(largest, 22)],
    ["many values, some of them not numbers", normals(Math.min(70_001, largest), 23).map((x, i) => (i % 100 === 0 ? Number.NaN : x))],
  ];
  test.each(kinds)("sorts %s", async (_, values) => {
    const before = values.slice();
    // equal zeros may come in either order
    const plain = (sorted: Float32Array) => sorted.map((value) => value + 0);
    const ascending = plain(values.slice().sort());
    expectSame(plain(await device().sort(values)), ascending, "ascending");
    expectSame(plain(await device().sort(values, { descending: true })), ascending.reverse(), "descending");
    expectSame(values, before, "what was handed in");
  });

  test.each(kinds.filter(([, values]) => values.every(Number.isFinite)))("sums up %s", async (_, values) => {
    let total = 0;
    const sums = Float64Array.from(values, (value) => {
      total += value;
      return total;
    });
    const most = sums.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expectClose(await device().cumsum(values), sums, { absolute: 1e-5 * most, relative: 1e-5 }, "sums");
  });
}

function graph({ device, same }: Suite): void {
  test("loss() is a scalar in the graph: backward() reaches what the logits came from", async () => {
    const [values, labels] = [normals(2 * 3 * 40, 31), integers(2 * 40, 3, 32)];
    const run = async (loss: (logits: lovasz.Tensor) => lovasz.Tensor | Promise<lovasz.Tensor>) => {
      const x = tensor(values, [2, 3, 40], { requiresGrad: true });
      const logits = lovasz.mul(x, 2);
      const pending = loss(logits);
      const out = await pending;
      const tripled = lovasz.mul(out, 3);
      const value = out.item();
      tripled.backward();
      const found = { value, grad: (x.grad as lovasz.Tensor).data.slice() };
      for (const made of [x, logits, out, tripled]) made.dispose();
      return found;
    };
    const expected = await run((logits) => lovaszSoftmax(logits, labels, { classes: "all" }));
    same(await run((logits) => device().loss(lovaszSoftmax, logits, labels, { classes: "all" })), expected);
    const early = await run((logits) => {
      const pending = device().loss(lovaszSoftmax, logits, labels, { classes: "all" });
      logits.dispose();
      return pending;
    });
    same(early, expected);
  });

  test("loss() outside any graph, and with one value an image", async () => {
    const logits = tensor(normals(60, 33), [3, 20]);
    const labels = integers(60, 2, 34);
    const expected = lovaszHinge(logits, labels, { reduction: "none" });
    const mean = await device().loss(lovaszHinge, logits, labels);
    const each = await device().loss(lovaszHinge, logits, labels, { reduction: "none" });
    expect([mean.requiresGrad, mean.shape, each.shape]).toEqual([false, [], [3]]);
    expectClose(each.data, expected.data, { relative: 2e-5 });
    expectClose([mean.item()], [expected.data.reduce((a, b) => a + b) / 3], { relative: 2e-5 });
    for (const made of [logits, expected, mean, each]) made.dispose();
  });

  test("runs functions of the user's own: losses, and set functions", async () => {
    const values = normals(50, 35);
    const labels = integers(50, 2, 36);
    const half = 0.5;
    const squares = (x: lovasz.LossInput) => lovasz.mul(lovasz.sum(lovasz.mul(x as lovasz.Tensor, x as lovasz.Tensor)), half);
    const { value, grad } = await device().valueAndGrad(squares, values, labels);
    expectClose(grad, values, { relative: 1e-6 });
    expectClose([value], [values.reduce((sum, x) => sum + x * x * half, 0)], { relative: 1e-5 });
    const errors = values.map(Math.abs);
    const setFunction: lovasz.SetFunction = (fp, fn, positives) => (fp + fn === 0 ? 0 : (fp + fn) / (positives + fp));
    const own = await device().valueAndGrad(lovaszExtension, errors, labels, { setFunction });
    same(own, await device().valueAndGrad(lovaszExtension, errors, labels));
  });

  test("takes labels of every kind, writes into out, and lets the caller change what was handed in", async () => {
    const values = normals(64, 37);
    const labels = Array.from(integers(64, 2, 38));
    const expected = lovasz.valueAndGrad(lovaszHinge)(values, labels, { shape: [2, 32] });
    const map = tensor(labels, [2, 32]);
    const kinds: lovasz.Labels[] = [labels, Uint8Array.from(labels), Int32Array.from(labels), Float64Array.from(labels), map];
    for (const kind of kinds) same(await device().valueAndGrad(lovaszHinge, values, kind, { shape: [2, 32] }), expected);
    map.dispose();
    const out = new Float32Array(64);
    const [handed, handedLabels] = [values.slice(), Uint8Array.from(labels)];
    const pending = device().valueAndGrad(lovaszHinge, handed, handedLabels, { shape: [2, 32], out });
    handed.fill(0);
    handedLabels.fill(0);
    const came = await pending;
    expect(came.grad).toBe(out);
    same(came, expected);
  });
}

/** What `run` rejects with. */
async function rejection(run: () => Promise<unknown>): Promise<InstanceType<typeof LovaszError>> {
  const error = await run().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error, String(error)).toBeInstanceOf(LovaszError);
  return error as InstanceType<typeof LovaszError>;
}

function refusals({ device }: Suite): void {
  const n = 20_000;
  const logits = normals(n, 41);
  const labels = Uint8Array.from(integers(n, 2, 42));
  const late = n - 2;
  const wrong: [string, [Loss, Float32Array, lovasz.Labels, object?]][] = [
    ["a label that is no class", [lovaszHinge, logits, labels.with(late, 7), { shape: [4, n / 4] }]],
    ["a label that is no class, of several", [lovaszSoftmax, logits, labels.subarray(n / 2).with(n / 2 - 1, 2), { shape: [1, 2, n / 2] }]],
    ["not a number", [lovaszHinge, logits.with(late, Number.NaN), labels, { shape: [4, n / 4] }]],
    ["not a number, of several classes", [lovaszSoftmax, logits.with(late, Number.NaN), labels.subarray(n / 2), { shape: [1, 2, n / 2] }]],
    ["too few labels", [lovaszHinge, logits, labels.subarray(1), { shape: [4, n / 4] }]],
    ["a shape of another size", [lovaszHinge, logits, labels, { shape: [3, n / 4] }]],
    ["an option that is not known", [lovaszHinge, logits, labels, { perimage: true }]],
    ["an option without sense", [lovaszSoftmax, logits, labels.subarray(n / 2), { shape: [1, 2, n / 2], classes: [2] }]],
    ["weights that are negative", [lovaszHinge, logits, labels, { pixelWeights: logits }]],
    ["more than one value", [lovaszHinge, logits, labels, { shape: [4, n / 4], reduction: "none" }]],
    ["out of another length", [lovaszHinge, logits, labels, { out: new Float32Array(3) }]],
    ["labels that are none", [lovaszHinge, logits, null as never]],
    ["no loss", ["hinge" as never, logits, labels]],
  ];
  test.each(wrong)("refuses %s as the loss itself does, leaves out as it was, and goes on", async (_, [loss, input, truth, options]) => {
    const out = new Float32Array(n).fill(3);
    const error = await rejection(() => device().valueAndGrad(loss, input, truth, { out, ...options }));
    const message = () => lovasz.valueAndGrad<lovasz.Labels>(loss)(input, truth, { out, ...options });
    expect(message).toThrow(error.message);
    expect(out.every((slope) => slope === 3)).toBe(true);
    const { value } = await device().valueAndGrad(lovaszHinge, Float32Array.of(0.5), [1]);
    expect(value).toBe(0.5);
  });

  test.each(LABEL_CASES)("says of labels what the loss itself says: %s", async (...one) => {
    const [, loss, options, labels, message] = one;
    // a page is sent floats for a plain array, and floats may be soft labels
    const sent = labels.every(Number.isInteger) && Array.isArray(labels) ? Int32Array.from(labels) : labels;
    const error = await rejection(() => device().valueAndGrad(loss, inputOf(one), sent, options));
    expect([error.code, error.message]).toEqual(["label", `${loss.name}: ${message}`]);
  });

  test("refuses values that are no Float32Array, and logits that are no tensor", async () => {
    expect((await rejection(() => device().sort([1, 2] as never))).message).toMatch(/sort.*: values is an array of 2/);
    expect((await rejection(() => device().sort(logits, { down: true } as never))).code).toBe("option");
    expect((await rejection(() => device().cumsum("no" as never))).message).toMatch(/cumsum.*: values is "no"/);
    expect((await rejection(() => device().loss(lovaszHinge, logits as never, labels))).code).toBe("shape");
  });

  test("refuses, in loss(), a shape that is not that of the logits", async () => {
    const x = tensor(logits.subarray(0, 6), [1, 2, 3]);
    const error = await rejection(() => device().loss(lovaszSoftmax, x, [0, 1, 0], { shape: [1, 3, 2] }));
    expect([error.code, error.message]).toEqual(["option", expect.stringMatching(/options\.shape is \[1, 3, 2\], but the input/)]);
    x.dispose();
  });
}

function several({ device, same, largest }: Suite): void {
  test("answers calls made at once, each with its own", async () => {
    const cases = Array.from({ length: 12 }, (_, i) => {
      const n = Math.min(100 * (i + 1) * (i % 2 ? 1 : 40), largest);
      return {
        values: normals(2 * n, 50 + i),
        labels: integers(i % 3 ? 2 * n : n, 2, 70 + i),
        n,
        loss: i % 3 ? lovaszHinge : lovaszSoftmax,
      };
    });
    const came = await Promise.all([
      ...cases.map(({ loss, values, labels, n }) =>
        device().valueAndGrad(loss as typeof lovaszHinge, values, labels, { shape: loss === lovaszHinge ? [2, n] : [1, 2, n] }),
      ),
      device().sort(cases[0].values),
    ]);
    cases.forEach(({ loss, values, labels, n }, i) => {
      const expected = lovasz.valueAndGrad(loss as typeof lovaszHinge)(values, labels, {
        shape: loss === lovaszHinge ? [2, n] : [1, 2, n],
      });
      same(came[i] as Call, expected);
    });
    expect(came.at(-1)).toEqual(cases[0].values.slice().sort());
  });
}

function ending(open: () => Promise<Device>): void {
  test("close() settles the calls under way; later ones reject", async () => {
    const device = await open();
    const logits = normals(40_000, 90);
    const labels = Uint8Array.from(integers(40_000, 2, 91));
    const pending = [device.valueAndGrad(lovaszHinge, logits, labels, { shape: [4, 10_000] }), device.sort(logits)];
    const closing = device.close();
    const late = await rejection(() => device.valueAndGrad(lovaszHinge, logits, labels));
    expect([late.code, late.message]).toEqual(["device", expect.stringMatching(/is closed/)]);
    expect((await rejection(() => device.sort(logits))).code).toBe("device");
    await closing;
    const [first, second] = await Promise.allSettled(pending);
    const { value } = lovasz.valueAndGrad(lovaszHinge)(logits, labels, { shape: [4, 10_000] });
    expect(first).toMatchObject({ status: "fulfilled", value: { value: expect.closeTo(value, 4) } });
    expect(second).toMatchObject({ status: "fulfilled" });
    await device.close();
  });
}
