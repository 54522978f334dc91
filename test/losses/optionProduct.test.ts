// Every combination of the options of the Lovász losses and the cross-entropies, at tiny sizes, against the oracle in float64. Options are tested one by
// one elsewhere: here, that none forgets another.
import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy,
  crossEntropy,
  lovaszExtension,
  lovaszHinge,
  lovaszMultilabel,
  lovaszSigmoid,
  lovaszSoftmax,
  type SetFunction,
  type Tensor,
  tensor,
  tidy,
} from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { normals } from "../helpers/random.js";
import { diceSet, jaccardSet, tverskySet } from "../oracle/extension.js";
import * as oracle from "../oracle/lovasz.js";
import * as pixelwise from "../oracle/pixelwise.js";

type Settings = Record<string, unknown>;
type Loss = (input: Tensor, labels: ArrayLike<number>, options: object) => Tensor;

/** Every combination of one of each list; undefined leaves the option out. */
function product(lists: Record<string, readonly unknown[]>): Settings[] {
  return Object.entries(lists).reduce<Settings[]>(
    (all, [name, list]) => all.flatMap((one) => list.map((value) => (value === undefined ? one : { ...one, [name]: value }))),
    [{}],
  );
}

/** What comes out, and the gradient of the outputs times `FACTORS`, which tell them apart. */
const FACTORS = [1, -2, 0.5];

function call(loss: Loss, values: Float32Array, shape: number[], labels: ArrayLike<number>, options: Settings) {
  return tidy(() => {
    const input = tensor(values, shape, { requiresGrad: true });
    const out = loss(input, labels, options);
    const found = { shape: [...out.shape], values: [...out.data] };
    // nothing that counts, nothing in the graph
    if (out.requiresGrad) out.backward(tensor(FACTORS.slice(0, out.size), out.shape));
    return { ...found, grad: input.grad ? [...input.grad.data] : new Array<number>(values.length).fill(0) };
  });
}

/** As `call` gives it, of what the oracle says of each output: the values of a part at `start`, or of all. */
interface Part {
  one: oracle.ValueAndGrad;
  start: number;
}

function expectParts(
  came: ReturnType<typeof call>,
  parts: readonly Part[],
  { method, reduction }: Settings,
  place: (i: number) => number,
): void {
  const grad = new Float64Array(came.grad.length);
  parts.forEach(({ one, start }, k) => {
    one.grad.forEach((slope, i) => {
      grad[place(start + i)] += FACTORS[k] * slope;
    });
  });
  expect(came.shape).toEqual(reduction === "none" ? [parts.length] : []);
  // of a histogram a bin of 2^14 wide, of a range of at most 8; its gradient is exact, as no two errors share a bin
  expectClose(
    came.values,
    parts.map(({ one }) => one.value),
    { absolute: method === "histogram" ? 2 ** -11 : 2e-6 },
    "loss",
  );
  expectClose(came.grad, grad, { absolute: 2e-6, relative: 2e-5 }, "gradient");
}

const same = (i: number) => i;
const METHODS = { method: [undefined, "histogram"], bins: [undefined, 2 ** 14] };
const isCall = ({ method, bins }: Settings) => (method === "histogram") === (bins !== undefined);
const title = (settings: Settings) => JSON.stringify(settings, (_, value) => (typeof value === "function" ? "a function" : value));

// two images of 2 x 3 pixels
const [B, N] = [2, 6];
const BINARY = {
  ...METHODS,
  perImage: [undefined, true, false],
  reduction: [undefined, "mean", "none"],
  ignore: [undefined, null, 255, 0],
  pixelWeights: [undefined, null, [1, 0.5, 0, 2, 1, 3, 2, 2, 0.25, 1, 0, 1]],
  layout: [undefined, "NHWC"],
};
const binaryLabels = (ignore: unknown) =>
  [1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0].map((label, i) => (ignore === 255 && i % 5 === 1 ? 255 : label));

function testBinary(
  name: string,
  loss: Loss,
  reference: typeof oracle.hinge,
  lists: Record<string, readonly unknown[]>,
  valuesOf: (settings: Settings) => Float32Array,
  perImageByDefault = false,
): void {
  const all = product({ ...BINARY, ...lists }).filter(isCall);
  test(`${name}, of ${all.length}`, () => {
    for (const settings of all) {
      const {
        perImage = perImageByDefault,
        reduction,
        ignore,
        pixelWeights,
        setFunction,
        fromLogits,
      } = settings as oracle.OracleOptions & Settings;
      const [values, labels] = [valuesOf(settings), binaryLabels(ignore)];
      const came = call(loss, values, [B, 2, 3], labels, settings);
      const weights = (pixelWeights as number[] | null | undefined) ?? undefined;
      const options = { ignore: ignore as number | null, fromLogits: fromLogits as boolean, set: SETS.get(setFunction) };
      const each = perImage && reduction === "none";
      const size = each ? N : B * N;
      const parts = Array.from({ length: each ? B : 1 }, (_, b) => {
        const cut = <T>(list: ArrayLike<T>) => Array.from(list).slice(b * size, (b + 1) * size);
        const shape = each ? [1, N] : [B, N];
        const one = reference(cut(values), cut(labels), {
          ...options,
          shape,
          perImage: perImage as boolean,
          pixelWeights: weights && cut(weights),
        });
        return { one, start: b * size };
      });
      try {
        expectParts(came, parts, settings, same);
      } catch (cause) {
        throw new Error(`${name} with ${title(settings)}: ${(cause as Error).message}`, { cause });
      }
    }
  });
}

const own: SetFunction = (fp, fn, positives) => Math.sqrt(jaccardSet(fp, fn, positives));
const SETS = new Map<unknown, SetFunction>([
  [undefined, jaccardSet],
  ["jaccard", jaccardSet],
  ["dice", diceSet],
  [own, own],
]);
const tversky = { tversky: { alpha: 0.3, beta: 0.7 } };
SETS.set(tversky, tverskySet(0.3, 0.7));

// two images of three classes and 2 x 2 pixels; the last class is only in the first
const CLASSES = 3;
const PIXELS = 4;
const SOFTMAX = {
  ...METHODS,
  perImage: [undefined, true, false],
  reduction: [undefined, "none"],
  ignore: [undefined, 255, 1],
  pixelWeights: [undefined, [1, 0.5, 0, 2, 1, 3, 2, 0.25]],
  classes: [undefined, "all", [2, 0]],
  classWeights: [undefined, [0.5, 2, 1]],
  layout: [undefined, "NHWC"],
  fromLogits: [undefined, false],
  oneHot: [false, true],
};
const classLabels = (ignore: unknown) => [0, 2, 1, ignore === 255 ? 255 : 2, 1, ignore === 255 ? 255 : 0, 1, 0];

/** Where value i of NCHW stands in NHWC. */
const channelsLast = (i: number) => {
  const [image, c, pixel] = [Math.floor(i / (CLASSES * PIXELS)), Math.floor(i / PIXELS) % CLASSES, i % PIXELS];
  return (image * PIXELS + pixel) * CLASSES + c;
};

function moved(values: ArrayLike<number>, place: (i: number) => number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) out[place(i)] = values[i];
  return out;
}

/** One-hot rows [B, C, H, W], of zeros where void. */
const rowsOf = (labels: readonly number[], ignore: unknown) =>
  Float32Array.from({ length: B * CLASSES * PIXELS }, (_, i) => {
    const label = labels[Math.floor(i / (CLASSES * PIXELS)) * PIXELS + (i % PIXELS)];
    return Number(label !== ignore && label === Math.floor(i / PIXELS) % CLASSES);
  });

/** What lovaszSoftmax gives: one value, or one for each image or class. */
function softmaxParts(values: Float32Array, labels: number[], settings: Settings): Part[] {
  const {
    perImage = false,
    reduction,
    oneHot: _,
    method: __,
    bins: ___,
    layout: ____,
    ...rest
  } = settings as oracle.OracleOptions & Settings;
  const options = { ...rest, shape: [B, CLASSES, 2, 2] };
  if (reduction !== "none") return [{ one: oracle.softmax(values, labels, { ...options, perImage }), start: 0 }];
  if (perImage) {
    return Array.from({ length: B }, (_, b) => {
      const cut = <T>(list: ArrayLike<T>, size: number) => Array.from(list).slice(b * size, (b + 1) * size);
      const pixelWeights = options.pixelWeights && cut(options.pixelWeights, PIXELS);
      const image = { ...options, pixelWeights, perImage: false, shape: [1, CLASSES, 2, 2] };
      return { one: oracle.softmax(cut(values, CLASSES * PIXELS), cut(labels, PIXELS), image), start: b * CLASSES * PIXELS };
    });
  }
  const { classes = "present" } = options;
  const counts = (c: number) =>
    classes === "present" ? labels.some((label) => label === c && label !== options.ignore) : classes === "all" || classes.includes(c);
  return Array.from({ length: CLASSES }, (_, c) => {
    const one = counts(c)
      ? oracle.softmax(values, labels, { ...options, perImage: false, classes: [c] })
      : { value: 0, grad: new Float64Array(values.length) };
    return { one, start: 0 };
  });
}

function testSoftmax(logits: Float32Array): void {
  const all = product(SOFTMAX).filter(isCall);
  test(`lovaszSoftmax, of ${all.length}`, () => {
    for (const settings of all) {
      const { oneHot, ...options } = settings;
      const values = options.fromLogits === false ? probabilities(logits) : logits;
      const labels = classLabels(options.ignore);
      const place = options.layout === "NHWC" ? channelsLast : same;
      const shape = options.layout === "NHWC" ? [B, 2, 2, CLASSES] : [B, CLASSES, 2, 2];
      const given = oneHot ? moved(rowsOf(labels, options.ignore), place) : labels;
      const came = call(lovaszSoftmax as Loss, moved(values, place), shape, given, options);
      const parts = softmaxParts(values, labels, settings);
      try {
        expectParts(came, parts, options, place);
      } catch (cause) {
        throw new Error(`lovaszSoftmax with ${title(settings)}: ${(cause as Error).message}`, { cause });
      }
    }
  });
}

function probabilities(logits: Float32Array): Float32Array {
  const at = (i: number, c: number) => Math.floor(i / (CLASSES * PIXELS)) * CLASSES * PIXELS + c * PIXELS + (i % PIXELS);
  return logits.map((x, i) => Math.exp(x) / [0, 1, 2].reduce((sum, c) => sum + Math.exp(logits[at(i, c)]), 0));
}

function testMultilabel(logits: Float32Array): void {
  const { perImage, ignore, pixelWeights: _, reduction: __, layout } = BINARY;
  const pixelWeights = [undefined, Array.from(logits, (__, i) => [1, 0.5, 0, 2, 3][i % 5])];
  const all = product({ ...METHODS, perImage, ignore, pixelWeights, layout }).filter(isCall);
  test(`lovaszMultilabel, of ${all.length}`, () => {
    for (const settings of all) {
      const labels = Array.from(logits, (__, i) => (settings.ignore === 255 && i % 5 === 1 ? 255 : Number(i % 3 === 0)));
      const place = settings.layout === "NHWC" ? channelsLast : same;
      const shape = settings.layout === "NHWC" ? [B, 2, 2, CLASSES] : [B, CLASSES, 2, 2];
      const weights = settings.pixelWeights as number[] | undefined;
      const given = { ...settings, ...(weights && { pixelWeights: moved(weights, place) }) };
      const came = call(lovaszMultilabel as Loss, moved(logits, place), shape, moved(labels, place), given);
      const one = oracle.multilabel(logits, labels, { ...(settings as Settings & oracle.OracleOptions), shape: [B, CLASSES, PIXELS] });
      try {
        expectParts(came, [{ one, start: 0 }], settings, place);
      } catch (cause) {
        throw new Error(`lovaszMultilabel with ${title(settings)}: ${(cause as Error).message}`, { cause });
      }
    }
  });
}

/** Like `pixelMean`: one value for all images, or for each, or their mean. `of` gives what the images from one to another lose. */
function meanParts({ perImage, reduction }: Settings, each: number, of: (image: number, end: number) => oracle.ValueAndGrad): Part[] {
  if (!perImage && reduction !== "none") return [{ one: of(0, B), start: 0 }];
  const parts = Array.from({ length: B }, (_, b) => ({ one: of(b, b + 1), start: b * each }));
  if (reduction === "none") return parts;
  const value = parts.reduce((sum, { one }) => sum + one.value / B, 0);
  return [{ one: { value, grad: Float64Array.from(parts.flatMap(({ one }) => [...one.grad].map((slope) => slope / B))) }, start: 0 }];
}

const ENTROPY = {
  perImage: [undefined, true],
  reduction: [undefined, "none"],
  ignore: [undefined, 255],
  layout: [undefined, "NHWC"],
  fromLogits: [undefined, false],
};

function testBinaryCrossEntropy(logits: Float32Array): void {
  const posWeight = [undefined, 3, [0.5, 2, 4]];
  const pixelWeights = [undefined, Array.from(logits, (_, i) => [1, 0.5, 0, 2, 3][i % 5])];
  const mode = ["multilabel"];
  const all = product({ ...ENTROPY, mode, posWeight, pixelWeights, soft: [false, true] });
  test(`binaryCrossEntropy, of ${all.length}`, () => {
    for (const settings of all) {
      const { soft, ...options } = settings;
      const values = options.fromLogits === false ? logits.map(pixelwise.sigmoid) : logits;
      const labels = Float32Array.from(logits, (_, i) => (options.ignore === 255 && i % 7 === 1 ? 255 : (soft ? i % 5 : 4 * (i % 2)) / 4));
      const place = options.layout === "NHWC" ? channelsLast : same;
      const shape = options.layout === "NHWC" ? [B, 2, 2, CLASSES] : [B, CLASSES, 2, 2];
      const weights = (options.pixelWeights ?? Array.from(logits, () => 1)) as number[];
      const given = { ...options, ...(options.pixelWeights ? { pixelWeights: moved(weights, place) } : {}) };
      const came = call(binaryCrossEntropy as Loss, moved(values, place), shape, moved(labels, place), given);
      const each = CLASSES * PIXELS;
      const factor = (i: number) => {
        const factors = options.posWeight as number | number[] | undefined;
        return Array.isArray(factors) ? factors[Math.floor(i / PIXELS) % CLASSES] : (factors ?? 1);
      };
      const loss = options.fromLogits === false ? pixelwise.binaryCrossEntropyGiven : pixelwise.binaryCrossEntropy;
      const parts = meanParts(options, each, (image, end) => {
        const cut = <T>(list: ArrayLike<T>) => Array.from(list).slice(image * each, end * each);
        const targets = cut(labels).map((label) => (label === 255 ? null : label));
        const of = (x: readonly number[]) =>
          pixelwise.weightedMeanOver(x, targets, cut(weights), (v, t, i) => pixelwise.positiveWeighted(loss, factor(i))(v, t));
        const x = cut(values);
        const moving = (i: number, by: number) => of(x.map((v, k) => (k === i ? v + by : v)));
        // central differences, in float64
        return { value: of(x), grad: Float64Array.from(x, (_, i) => (moving(i, 1e-5) - moving(i, -1e-5)) / 2e-5) };
      });
      named(`binaryCrossEntropy with ${title(settings)}`, () => expectParts(came, parts, options, place));
    }
  });
}

function testCrossEntropy(logits: Float32Array): void {
  const classWeights = [undefined, [0.5, 2, 1]];
  const all = product({ ...ENTROPY, classWeights, labelSmoothing: [undefined, 0.2, 1], oneHot: [false, true] });
  test(`crossEntropy, of ${all.length}`, () => {
    for (const settings of all) {
      const { oneHot, ...options } = settings;
      const values = options.fromLogits === false ? probabilities(logits) : logits;
      const labels = classLabels(options.ignore);
      const place = options.layout === "NHWC" ? channelsLast : same;
      const shape = options.layout === "NHWC" ? [B, 2, 2, CLASSES] : [B, CLASSES, 2, 2];
      const targets = pixelwise.oneHot(labels, { images: B, classes: CLASSES, pixels: PIXELS }, 255);
      const rows = Float32Array.from(targets, (t) => t ?? 255);
      const came = call(crossEntropy as Loss, moved(values, place), shape, oneHot ? moved(rows, place) : labels, options);
      const each = CLASSES * PIXELS;
      const parts = meanParts(options, each, (image, end) => {
        const planes = { images: end - image, classes: CLASSES, pixels: PIXELS };
        const definition = options.fromLogits === false ? pixelwise.crossEntropyGiven : pixelwise.crossEntropy;
        const [x, t] = [values.slice(image * each, end * each), targets.slice(image * each, end * each)];
        const { value, grad } = definition(x, t, planes, options.classWeights as number[], options.labelSmoothing as number);
        return { value, grad: Float64Array.from(grad) };
      });
      named(`crossEntropy with ${title(settings)}`, () => expectParts(came, parts, options, place));
    }
  });
}

function named(name: string, check: () => void): void {
  try {
    check();
  } catch (cause) {
    throw new Error(`${name}: ${(cause as Error).message}`, { cause });
  }
}

describe("every combination of options is what the oracle says", () => {
  const logits = normals(B * N, 7);
  const p = logits.map((x) => 1 / (1 + Math.exp(-x)));
  testBinary("lovaszHinge", lovaszHinge as Loss, oracle.hinge, {}, () => logits, true);
  testBinary("lovaszSigmoid", lovaszSigmoid as Loss, oracle.sigmoid, { fromLogits: [undefined, true, false] }, ({ fromLogits }) =>
    fromLogits === false ? p : logits,
  );
  testBinary("lovaszExtension", lovaszExtension as Loss, oracle.extensionLoss, { setFunction: ["jaccard", "dice", tversky] }, () =>
    logits.map(Math.abs),
  );
  testBinary(
    "lovaszExtension of a function",
    lovaszExtension as Loss,
    oracle.extensionLoss,
    { ...{ method: ["sort"], bins: [undefined] }, setFunction: [own] },
    () => logits.map(Math.abs),
  );
  const channels = normals(B * CLASSES * PIXELS, 8);
  testSoftmax(channels);
  testMultilabel(channels);
  testBinaryCrossEntropy(channels);
  testCrossEntropy(channels);
});
