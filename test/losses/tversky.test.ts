import { describe, expect, test } from "vitest";
import { dice, jaccard, type TverskyOptions, tensor, tidy, tversky, valueAndGrad } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";
import { regionSuite } from "../helpers/regionSuite.js";
import { oneHot, region, softmax } from "../oracle/pixelwise.js";

const settings = { alpha: 0.3, beta: 0.7 };

regionSuite("tversky", tversky, settings, settings);

const [logits, labels] = [normals(6, 3), [0, 1, 1, 0, 0, 1]];

test("tversky of 1 and 1 is jaccard, of 1/2 and 1/2 (the default) dice", () => {
  expectClose([tversky(logits, labels, { alpha: 1, beta: 1 }).item()], [jaccard(logits, labels).item()]);
  expectClose([tversky(logits, labels).item()], [dice(logits, labels).item()]);
});

test("tversky takes the power gamma of the mean loss", () => {
  expectClose([tversky(logits, labels, { gamma: 1.5 }).item()], [tversky(logits, labels).item() ** 1.5]);
  expectClose([tversky(logits, labels, { alpha: 0, beta: 0, eps: 0 }).item()], [0]);
});

test("tversky takes the power of each image with perImage, and averages the powers", () => {
  const planes = { images: 3, classes: 2, pixels: 4 };
  const [values, numbers] = [normals(24, 5), [0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1]];
  for (const gamma of [0.75, 4 / 3]) {
    const options = { ...settings, mode: "multiclass", perImage: true, gamma } as const;
    const came = tversky(values, numbers, { ...options, shape: [3, 2, 4] }).item();
    expectClose([came], [region(softmax(values, planes), oneHot(numbers, planes, null), planes, true, { ...settings, gamma })]);
    gradCheck((x) => tversky(x, numbers, options), [{ shape: [3, 2, 4], values }]);
  }
});

test("tversky takes the power of each class, or of each image's mean, with { reduction: 'none' }", () => {
  const [values, numbers] = [normals(24, 5), [0, 2, 2, 1, 0, 2, 1, 1]];
  const options = { shape: [2, 3, 4], mode: "multiclass", reduction: "none" } as const;
  for (const perImage of [false, true]) {
    const plain = tversky(values, numbers, { ...options, perImage });
    const raised = tversky(values, numbers, { ...options, perImage, gamma: 0.75 });
    expect(raised.shape).toEqual(perImage ? [2] : [3]);
    expectClose(
      raised.data,
      plain.data.map((loss) => loss ** 0.75),
    );
    gradCheck((x) => tversky(x, numbers, { mode: "multiclass", reduction: "none", perImage, gamma: 0.75 }), [{ shape: [2, 3, 4], values }]);
  }
  // the paper's loss is the mean of these, ours the power of the mean
  const paper = tversky(values, numbers, { ...options, gamma: 0.75 })
    .mean()
    .item();
  const ours = tversky(values, numbers, { ...options, reduction: "mean", gamma: 0.75 }).item();
  expect(Math.abs(paper - ours)).toBeGreaterThan(1e-4);
});

describe("tversky with gamma below 1, where the loss rounds to 0", () => {
  const sure = Float32Array.of(20, -20, 20, -20);
  const rows = Float32Array.of(1e3, -1e3, -1e3, 1e3);
  const oneHot = Float32Array.of(1, 0, 0, 1);
  const multiclass = { mode: "multiclass", shape: [1, 2, 2] } as const;
  test.each([
    ["binary", sure, [1, 0, 1, 0], {}],
    ["binary, saturated", Float32Array.of(1e4, -1e4), [1, 0], {}],
    ["binary, infinite", Float32Array.of(Infinity, -Infinity), [1, 0], {}],
    ["one pixel", Float32Array.of(17), [1], {}],
    ["one class", Float32Array.of(0.3, 0.7), [0, 0], { mode: "multiclass", shape: [2, 1, 1] }],
    ["multiclass", rows, [0, 1], multiclass],
    ["one-hot", rows, oneHot, multiclass],
    ["multilabel", rows, [1, 0, 0, 1], { ...multiclass, mode: "multilabel" }],
    ["absent classes", Float32Array.of(1e3, 1e3, -1e3, -1e3), [0, 0], multiclass],
    ["all ignored", sure, [9, 9, 9, 9], { ignore: 9 }],
    ["probabilities", Float32Array.of(1, 0), [1, 0], { fromLogits: false }],
  ] as const)("has a finite gradient: %s", (_, values, targets, more) => {
    for (const perImage of [false, true]) {
      for (const logLoss of [false, true]) {
        for (const gamma of [0, 0.01, 0.75]) {
          const options = { ...more, perImage, logLoss, gamma } as TverskyOptions;
          const { value, grad } = valueAndGrad(tversky)(values, targets as never, options);
          expect(value).toBeLessThan(gamma === 0 ? 2 : 1);
          expect(grad.every((slope) => Math.abs(slope) < 0.01)).toBe(true);
          const each = tidy(() => {
            const x = tensor(values, options.shape, { requiresGrad: true });
            tversky(x, targets as never, { ...options, shape: undefined, reduction: "none" })
              .sum()
              .backward();
            return [...x.grad!.data];
          });
          expect(each.every(Number.isFinite)).toBe(true);
        }
      }
    }
  });

  test("keeps the digits of a small loss", () => {
    // false positives of 2 e^-40, of which 1 - score would keep none, even in float64
    const p = 1 / (1 + Math.exp(40));
    const { value, grad } = valueAndGrad(tversky)([100, -40, 100, -40], [1, 0, 1, 0], { gamma: 0.75 });
    expectClose([value], [(p / (2 + p)) ** 0.75], { absolute: 0, relative: 1e-6 });
    expectClose([grad[1]], [(0.75 * value * 0.5 * 2) / (2 + p)], { absolute: 0, relative: 1e-3 });
  });
});

test("tversky refuses a gamma whose power float32 cannot hold, and gradients by probabilities that it cannot", () => {
  expectError(
    () => tversky(Float32Array.of(-80, 1), [1, 0], { logLoss: true, gamma: 40 }),
    "option",
    /gamma is 40, expected a power of the loss/,
  );
  const options = { fromLogits: false, alpha: 1e30, beta: 0, eps: 0 };
  expectError(() => tversky(Float32Array.of(1e-30, 0), [1, 0], options), "option", /a gradient of .* exceeds float32/);
});

test("a larger eps than 1 is refused with logLoss, of which it would make a negative loss", () => {
  expectError(() => tversky(logits, labels, { eps: 2, logLoss: true }), "option", /eps is 2, expected at most 1 with logLoss/);
  expectClose([tversky(logits, labels, { eps: 100 }).item()], [1], { absolute: 0.05 });
});

test("tversky refuses weights below 0", () => {
  for (const name of ["alpha", "beta", "gamma"])
    expectError(() => tversky(logits, labels, { [name]: -1 }), "option", new RegExp(`${name} is -1`));
  expect(tversky.length).toBe(2);
});
