// No finite option may give a NaN or an infinity in silence: every value and gradient is finite, and right, or a LovaszError says
// which option float32 cannot compute with.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy,
  crossEntropy,
  dice,
  focal,
  jaccard,
  jaccardMetric,
  LovaszError,
  lovaszExtension,
  lovaszHinge,
  lovaszMultilabel,
  lovaszSigmoid,
  lovaszSoftmax,
  type Mode,
  type Tensor,
  tversky,
  valueAndGrad,
} from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { tverskySet } from "../oracle/extension.js";
import * as lovasz from "../oracle/lovasz.js";
import * as pixelwise from "../oracle/pixelwise.js";

const extreme = fc.constantFrom(0, -0, 1e-320, 1e-46, 1e-38, 1e-18, 1, 1e17, 1e18, 1e30, 3.4e38, 1e39, 1e308);
const ordinary = fc.double({ min: 0, max: 4, noNaN: true });
const number = fc.oneof(extreme, ordinary);
const optional = fc.option(number, { nil: undefined });
const flag = fc.boolean();

// two images of three channels (or one) and four pixels
const [IMAGES, CLASSES, PIXELS] = [2, 3, 4];
const logit = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(0, 1e4, -1e4, 88, -88, 20, -20));
const share = fc.oneof(
  fc.nat(8).map((k) => k / 8),
  fc.constantFrom(0, 1, 1e-30),
);
const floats = (one: fc.Arbitrary<number>, length: number) =>
  fc.array(one, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
const numbers = (one: fc.Arbitrary<number>, length: number) => fc.array(one, { minLength: length, maxLength: length });
const labels = (classes: number, count: number) => numbers(fc.nat(classes - 1), count);

type Options = Record<string, unknown>;
type Loss = (input: Tensor, labels: number[], options?: object) => Tensor;

/** What comes, finite; null where it is refused. */
function finite(loss: Loss, values: Float32Array, truth: number[], options: Options) {
  try {
    const came = valueAndGrad(loss)(values, truth, options);
    const text = JSON.stringify({ options, values: [...values], truth, value: String(came.value), grad: [...came.grad].map(String) });
    expect(Number.isFinite(came.value) && came.grad.every(Number.isFinite), text).toBe(true);
    return came;
  } catch (error) {
    if (!(error instanceof LovaszError)) throw error;
    expect(error.code, error.message).toBe("option");
    return null;
  }
}

const LIMIT = { absolute: 2e-6, relative: 1e-4 };
const RUNS = { numRuns: 400 };

const modes = fc.constantFrom<Mode>("binary", "multiclass", "multilabel");

describe("every option of every loss is computed with, or refused", () => {
  test.each([
    ["tversky", tversky as Loss, {}],
    ["dice", dice as Loss, { alpha: 0.5, beta: 0.5 }],
    ["jaccard", jaccard as Loss, { alpha: 1, beta: 1 }],
    ["jaccardMetric", jaccardMetric as Loss, { alpha: 1, beta: 1, least: true }],
  ] as const)("%s", (name, loss, fixed) => {
    const weights = name === "tversky" ? { alpha: optional, beta: optional, gamma: optional } : {};
    const options = fc.record({ ...weights, smooth: optional, eps: optional, logLoss: flag, perImage: flag });
    fc.assert(
      fc.property(
        options,
        modes,
        flag,
        floats(logit, 24),
        floats(share, 24),
        labels(2, 24),
        labels(3, 8),
        (given, mode, fromLogits, x, p, yes, classes) => {
          const classCount = mode === "binary" ? 1 : CLASSES;
          const size = IMAGES * classCount * PIXELS;
          const truth = mode === "multiclass" ? classes : yes.slice(0, size);
          const values = (fromLogits ? x : p).slice(0, size);
          const came = finite(loss, values, truth, { ...given, mode, fromLogits, shape: [IMAGES, classCount, PIXELS] });
          const settings = { alpha: 0.5, beta: 0.5, ...fixed, ...JSON.parse(JSON.stringify(given)) } as pixelwise.RegionOptions;
          // of logits, float32 rounds probabilities, and large weights show it
          if (!came || (fromLogits && Math.max(settings.alpha, settings.beta) > 10)) return;
          const planes = { images: IMAGES, classes: classCount, pixels: PIXELS };
          const targets = mode === "multiclass" ? pixelwise.oneHot(truth, planes, null) : truth;
          const probabilities = Float32Array.from(
            !fromLogits ? values : mode === "multiclass" ? pixelwise.softmax(values, planes) : [...values].map(pixelwise.sigmoid),
          );
          const eps = Math.max(settings.eps ?? 1e-7, 2 ** -126);
          const expected = pixelwise.region(probabilities, targets, planes, given.perImage, { ...settings, eps });
          // a power far below 1 shows the rounding of 1 - score in the oracle, and one far above 1 that of float32
          const gamma = settings.gamma ?? 1;
          if (gamma >= 0.5 && gamma <= 4) expectClose([came.value], [expected], { absolute: 3e-4, relative: 1e-4 });
        },
      ),
      RUNS,
    );
  });

  test("binaryCrossEntropy and focal", () => {
    const options = fc.record({ gamma: optional, alpha: fc.option(fc.oneof(extreme, fc.double({ min: 0, max: 1, noNaN: true }))) });
    fc.assert(
      fc.property(options, flag, floats(logit, 8), floats(share, 8), labels(2, 8), ({ gamma, alpha }, fromLogits, x, p, truth) => {
        const values = fromLogits ? x : p;
        const plain = finite(binaryCrossEntropy as Loss, values, truth, { fromLogits });
        const entropy = fromLogits ? pixelwise.binaryCrossEntropy : pixelwise.binaryCrossEntropyGiven;
        expectClose([plain!.value], [pixelwise.meanOver(values, truth, entropy)], LIMIT);
        const came = finite(focal as Loss, values, truth, { gamma, alpha, fromLogits });
        if (!came) return;
        const one = (v: number, t: number) =>
          fromLogits ? pixelwise.focal(v, t, gamma ?? 2, alpha) : pixelwise.focalGiven(v, t, gamma ?? 2, alpha).value;
        // float32 rounds the power of a probability near 1 the more, the larger it is
        if ((gamma ?? 2) <= 4) expectClose([came.value], [pixelwise.meanOver(values, truth, one)], { absolute: 1e-5, relative: 1e-4 });
      }),
      RUNS,
    );
  });

  test("binaryCrossEntropy with weights", () => {
    const options = fc.record({ posWeight: optional, weights: floats(number, 8) });
    fc.assert(
      fc.property(options, flag, floats(logit, 8), floats(share, 8), labels(2, 8), ({ posWeight, weights }, fromLogits, x, p, truth) => {
        const values = fromLogits ? x : p;
        const came = finite(binaryCrossEntropy as Loss, values, truth, { posWeight, pixelWeights: weights, fromLogits });
        if (!came) return;
        const entropy = fromLogits ? pixelwise.binaryCrossEntropy : pixelwise.binaryCrossEntropyGiven;
        const expected = pixelwise.weightedMeanOver(values, truth, weights, pixelwise.positiveWeighted(entropy, posWeight ?? 1));
        expectClose([came.value], [expected], LIMIT);
      }),
      RUNS,
    );
  });

  test("crossEntropy with labelSmoothing", () => {
    const options = fc.record({ classWeights: numbers(number, CLASSES), labelSmoothing: optional, perImage: flag, fromLogits: flag });
    fc.assert(
      fc.property(options, floats(logit, 24), floats(share, 24), labels(3, 8), (given, x, p, truth) => {
        finite(crossEntropy as Loss, given.fromLogits ? x : p, truth, { ...given, shape: [IMAGES, CLASSES, PIXELS] });
      }),
      RUNS,
    );
  });

  test("crossEntropy", () => {
    fc.assert(
      fc.property(
        numbers(number, CLASSES),
        flag,
        flag,
        floats(logit, 24),
        floats(share, 24),
        labels(3, 8),
        (classWeights, perImage, fromLogits, x, p, truth) => {
          const values = fromLogits ? x : p;
          const came = finite(crossEntropy as Loss, values, truth, {
            classWeights,
            perImage,
            fromLogits,
            shape: [IMAGES, CLASSES, PIXELS],
          });
          const entropy = fromLogits ? pixelwise.crossEntropy : pixelwise.crossEntropyGiven;
          // the definition, its weights scaled so that float64 holds them
          const of = (from: number, to: number) => {
            const [images, part] = [to - from, truth.slice(from * PIXELS, to * PIXELS)];
            const planes = { images, classes: CLASSES, pixels: PIXELS };
            const largest = Math.max(...part.map((c) => classWeights[c]));
            const scaled = classWeights.map((weight) => (largest > 0 ? Math.min(weight / largest, 1) : 0));
            return entropy(
              values.slice(from * CLASSES * PIXELS, to * CLASSES * PIXELS),
              pixelwise.oneHot(part, planes, null),
              planes,
              scaled,
            );
          };
          const parts = perImage ? [of(0, 1), of(1, 2)] : [of(0, 2)];
          const value = parts.reduce((sum, one) => sum + one.value, 0) / parts.length;
          expectClose([came!.value], [value], LIMIT);
          expectClose(
            came!.grad,
            parts.flatMap(({ grad }) => grad.map((slope) => slope / parts.length)),
            LIMIT,
          );
        },
      ),
      RUNS,
    );
  });

  const method = fc.constantFrom("sort", "histogram");

  test("lovaszHinge, lovaszSigmoid and lovaszMultilabel", () => {
    fc.assert(
      fc.property(
        numbers(number, 24),
        method,
        flag,
        floats(logit, 24),
        floats(share, 24),
        labels(2, 24),
        (given, method, perImage, x, p, truth) => {
          // as the losses take them
          const pixelWeights = given.map((weight) => (weight < 1e-18 ? 0 : Math.fround(weight)));
          const shape = [IMAGES, 12];
          const options = { pixelWeights: given, method, perImage };
          const compare = (came: ReturnType<typeof finite>, expected: lovasz.ValueAndGrad) => {
            if (came && method === "sort") expectClose([came.value], [expected.value], LIMIT);
          };
          const reference = { shape, perImage, pixelWeights };
          compare(finite(lovaszHinge as Loss, x, truth, { ...options, shape }), lovasz.hinge(x, truth, reference));
          compare(finite(lovaszSigmoid as Loss, x, truth, { ...options, shape }), lovasz.sigmoid(x, truth, reference));
          const given01 = finite(lovaszSigmoid as Loss, p, truth, { ...options, shape, fromLogits: false });
          compare(given01, lovasz.sigmoid(p, truth, { ...reference, fromLogits: false }));
          const channels = [IMAGES, CLASSES, PIXELS];
          compare(
            finite(lovaszMultilabel as Loss, x, truth, { ...options, shape: channels }),
            lovasz.multilabel(x, truth, { ...reference, shape: channels }),
          );
        },
      ),
      RUNS,
    );
  });

  test("lovaszSoftmax", () => {
    const options = fc.record({
      classWeights: fc.option(numbers(number, CLASSES)),
      pixelWeights: fc.option(numbers(number, 8)),
      method,
      perImage: flag,
    });
    fc.assert(
      fc.property(options, floats(logit, 24), labels(3, 8), (given, x, truth) => {
        const shape = [IMAGES, CLASSES, PIXELS];
        const came = finite(lovaszSoftmax as Loss, x, truth, { ...given, shape });
        if (!came || given.method === "histogram") return;
        const pixelWeights = given.pixelWeights?.map((weight) => (weight < 1e-18 ? 0 : Math.fround(weight)));
        const expected = lovasz.softmax(x, truth, { ...given, shape, pixelWeights, classWeights: given.classWeights ?? undefined });
        const largest = Math.max(1, ...(given.classWeights ?? []));
        expectClose([came.value], [expected.value], { absolute: 2e-6 * largest, relative: 1e-4 });
      }),
      RUNS,
    );
  });

  test("lovaszExtension, of a Tversky loss and of a function", () => {
    fc.assert(
      fc.property(
        number,
        number,
        number,
        method,
        fc.option(numbers(number, 8)),
        floats(logit, 8),
        labels(2, 8),
        (alpha, beta, factor, method, given, x, truth) => {
          const errors = x.map(Math.abs);
          const pixelWeights = given?.map((weight) => (weight < 1e-18 ? 0 : Math.fround(weight)));
          const options = { pixelWeights: given, setFunction: { tversky: { alpha, beta } } };
          const came = finite(lovaszExtension as Loss, errors, truth, { ...options, method });
          // the oracle takes its score from 1, and keeps no digits of small ones
          if (came && method === "sort" && !given) {
            const expected = lovasz.extensionLoss(errors, truth, { shape: [8], set: tverskySet(alpha, beta) });
            expectClose([came.value], [expected.value], { absolute: 1e-5 * Math.max(...errors), relative: 1e-4 });
          }
          const own = (fp: number, fn: number) => factor * (fp + fn);
          const mine = finite(lovaszExtension as Loss, errors, truth, { pixelWeights: given, setFunction: own });
          if (!mine) return;
          const expected = lovasz.extensionLoss(errors, truth, { shape: [8], set: own, pixelWeights });
          expectClose([mine.value], [expected.value], { absolute: 2e-6, relative: 1e-4 });
        },
      ),
      RUNS,
    );
  });
});
