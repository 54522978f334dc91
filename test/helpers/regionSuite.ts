// What dice, jaccard, tversky and jaccardMetric are all held to: one formula with four settings.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Labels, type LossInput, type Mode, type RegionOptions, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import * as oracle from "../oracle/pixelwise.js";
import { binaryCase, multiclassCase, VOID } from "./arbitraries.js";
import { expectClose } from "./closeTo.js";
import { expectError } from "./errors.js";
import { gradCheck } from "./gradCheck.js";
import { normals } from "./random.js";

const LIMIT = { absolute: 2e-6, relative: 2e-6 };

type Loss = (input: LossInput, labels: Labels, options?: RegionOptions) => Tensor;

/** The tests of `loss`, a `name` with the settings of the oracle, `own` of which it has to be told. */
export function regionSuite(name: string, loss: Loss, settings: oracle.RegionOptions, own: object = {}): void {
  describe(`${name}(input, labels, options)`, () => laws(loss, settings, own));
}

function laws(loss: Loss, settings: oracle.RegionOptions, own: object): void {
  const run = valueAndGrad((input: Tensor, labels: Labels, options?: RegionOptions) => loss(input, labels, { ...own, ...options }));
  const smoothing = fc.constantFrom(0, 1);

  test("is its definition on binary tasks", () => {
    fc.assert(
      fc.property(binaryCase, fc.boolean(), fc.boolean(), smoothing, ({ shape, logits, labels }, perImage, logLoss, smooth) => {
        const came = run(logits, labels, { shape, ignore: VOID, perImage, logLoss, smooth });
        const planes = { images: shape[0], classes: 1, pixels: shape[1] };
        const targets = [...labels].map((label) => (label === VOID ? null : label));
        const expected = oracle.region([...logits].map(oracle.sigmoid), targets, planes, perImage, { ...settings, smooth, logLoss });
        expectClose([came.value], [expected], LIMIT);
      }),
    );
  });

  test("is its definition on multiclass tasks", () => {
    fc.assert(
      fc.property(multiclassCase, fc.boolean(), smoothing, ({ shape, logits, labels }, perImage, smooth) => {
        const came = run(logits, labels, { shape, mode: "multiclass", ignore: VOID, perImage, smooth });
        const planes = { images: shape[0], classes: shape[1], pixels: shape[2] };
        const expected = oracle.region(oracle.softmax(logits, planes), oracle.oneHot(labels, planes, VOID), planes, perImage, {
          ...settings,
          smooth,
        });
        expectClose([came.value], [expected], LIMIT);
      }),
    );
  });

  test.each<Mode>(["binary", "multiclass", "multilabel"])("has the gradient of finite differences in mode %s", (mode) => {
    const shape = mode === "binary" ? [2, 5] : [2, 3, 5];
    const count = mode === "multiclass" ? 10 : shape.reduce((a, b) => a * b, 1);
    const labels = Uint8Array.from({ length: count }, (_, i) => (i === 3 ? VOID : (i * 7) % (mode === "multiclass" ? 3 : 2)));
    const values = normals(
      shape.reduce((a, b) => a * b, 1),
      4,
    );
    for (const logLoss of [false, true]) {
      gradCheck((x) => loss(x, labels, { ...own, mode, ignore: VOID, smooth: 0.5, logLoss }), [{ shape, values }]);
    }
  });

  test("takes one-hot and soft labels beside class numbers", () => {
    const logits = normals(18, 8);
    const numbers = Uint8Array.of(0, 2, 1, 1, 0, 2);
    const planes = { images: 2, classes: 3, pixels: 3 };
    const oneHot = Float32Array.from(oracle.oneHot(numbers, planes, null) as number[]);
    const options = { ...own, shape: [2, 3, 3], mode: "multiclass" as const };
    const expected = loss(logits, numbers, options).item();
    expectClose([loss(logits, oneHot, options).item()], [expected]);
    expectClose([loss(logits, tensor(oneHot, [2, 3, 3]), options).item()], [expected]);
    const soft = oneHot.map((t) => 0.1 + 0.7 * t);
    const came = loss(logits, soft, options).item();
    expectClose([came], [oracle.region(oracle.softmax(logits, planes), [...soft], planes, false, settings)]);
  });

  test("gives one loss for each class, or each image, with { reduction: 'none' }", () => {
    const logits = normals(18, 8);
    const labels = Uint8Array.of(0, 2, 2, 1, 0, 2);
    const options = { ...own, shape: [2, 3, 3], mode: "multiclass" as const, reduction: "none" as const };
    const byClass = loss(logits, labels, options);
    expect(byClass.shape).toEqual([3]);
    expectClose([byClass.data.reduce((a, b) => a + b) / 3], [loss(logits, labels, { ...options, reduction: "mean" }).item()]);
    expect(loss(logits, labels, { ...options, perImage: true }).shape).toEqual([2]);
  });

  test("takes probabilities with { fromLogits: false }", () => {
    const logits = Float32Array.of(0.5, -1, 2);
    const p = logits.map(oracle.sigmoid);
    expectClose([loss(p, [1, 0, 1], { ...own, fromLogits: false }).item()], [loss(logits, [1, 0, 1], own).item()]);
  });

  test("is its definition on multilabel tasks", () => {
    fc.assert(
      fc.property(multiclassCase, fc.boolean(), smoothing, ({ shape, logits }, perImage, smooth) => {
        const labels = Uint8Array.from(logits, (_, i) => [0, 1, 1, VOID, 0][(i * i) % 5]);
        const came = run(logits, labels, { shape, mode: "multilabel", ignore: VOID, perImage, smooth });
        const planes = { images: shape[0], classes: shape[1], pixels: shape[2] };
        const targets = [...labels].map((label) => (label === VOID ? null : label));
        const expected = oracle.region([...logits].map(oracle.sigmoid), targets, planes, perImage, { ...settings, smooth });
        expectClose([came.value], [expected], LIMIT);
      }),
    );
  });

  test("leaves void pixels out: they have no gradient, and their logits, NaN even, change nothing", () => {
    fc.assert(
      fc.property(
        multiclassCase,
        fc.constantFrom(Number.NaN, Infinity, -Infinity, 3e38),
        fc.boolean(),
        ({ shape, logits, labels }, odd, logLoss) => {
          const isVoid = (i: number) => labels[Math.floor(i / (shape[1] * shape[2])) * shape[2] + (i % shape[2])] === VOID;
          const options = { shape, mode: "multiclass" as const, ignore: VOID, logLoss };
          const came = run(
            logits.map((logit, i) => (isVoid(i) ? odd : logit)),
            labels,
            options,
          );
          expect(came).toEqual(run(logits, labels, options));
          expect(came.grad.every((slope, i) => slope === 0 || !isVoid(i))).toBe(true);
        },
      ),
    );
  });

  test("is 0 with a gradient of zeros where every pixel is void, and NaN besides", () => {
    const { value, grad } = run(new Float32Array(4).fill(Number.NaN), [9, 9, 9, 9], { ignore: 9 });
    expect(value).toBe(0);
    expect([...grad].every((slope) => slope === 0)).toBe(true);
  });

  test("takes no share for a class: an `ignore` that is one contradicts one-hot labels", () => {
    const [logits, oneHot] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 0, 0, 1)];
    const options = { shape: [2, 2], mode: "multiclass" as const };
    expectError(() => loss(logits, oneHot, { ...options, ignore: 0 }), "option", /ignore is 0, a class, but labels are one-hot or soft/);
    const partly = loss(logits, Float32Array.of(1, 0, 255, 255), { ...options, ...own, ignore: 255 }).item();
    expectClose([partly], [loss(logits, [0, 9], { ...options, ...own, ignore: 9 }).item()]);
  });

  test("has finite values and gradients without smoothing, absent classes, and with eps 0", () => {
    const options = { ...own, shape: [1, 3, 2], mode: "multiclass" as const, eps: 0, logLoss: true };
    const { value, grad } = run(Float32Array.of(9e3, 9e3, -9e3, -9e3, -9e3, -9e3), [0, 0], options);
    expect(value).toBeCloseTo(0);
    expect([...grad].every(Number.isFinite)).toBe(true);
  });

  test("reads [B, ..., C] with { layout: 'NHWC' }, and volumes", () => {
    const [b, c, n] = [2, 3, 8];
    const logits = normals(b * c * n, 6);
    const labels = Uint8Array.from({ length: b * n }, (_, i) => (i * 5) % c);
    const last = Float32Array.from(logits, (_, i) => logits[(Math.floor(i / (n * c)) * c + (i % c)) * n + (Math.floor(i / c) % n)]);
    const expected = run(logits, labels, { shape: [b, c, 2, 2, 2], mode: "multiclass" });
    const came = run(last, labels, { shape: [b, 2, 2, 2, c], mode: "multiclass", layout: "NHWC" });
    expectClose([came.value], [expected.value]);
    expectClose(
      came.grad,
      expected.grad.map((_, i) => expected.grad[(Math.floor(i / (n * c)) * c + (i % c)) * n + (Math.floor(i / c) % n)]),
    );
    const rows = run(last.slice(0, n * c), labels.slice(0, n), { shape: [n, c], mode: "multiclass" });
    expectClose([rows.value], [run(logits.slice(0, n * c), labels.slice(0, n), { shape: [1, c, n], mode: "multiclass" }).value]);
  });

  test("refuses what it cannot compute", () => {
    const logits = Float32Array.of(1, 2, 3, 4);
    expectError(() => loss(logits, [1, 0, 1, 0], { fromLogits: false }), "option", /input\[1\] is 2, expected a probability from 0 to 1/);
    const nan = Float32Array.of(1, Number.NaN, 3, 4);
    const last = { shape: [1, 1, 2, 2], mode: "multiclass", layout: "NHWC" } as const;
    expectError(() => loss(nan, [1, 0], last), "nan", /input\[1\] is NaN/);
    expectError(() => loss(logits.with(0, Infinity), [1, 0], last), "nan", /input\[0\] is Infinity/);
    expectError(() => loss(logits, [1, 0, 1, 0], null as never), "option", /options is null/);
    expectError(() => loss(logits, [1, 0, 1, 2]), "label", /labels\[3\] is 2/);
    expectError(() => loss(logits, [1, 0], { mode: "multiclass" }), "shape", /expected \[B, C, ...\] or \[P, C\]/);
    expectError(() => loss(logits, [1, 0, 1, 0], { mode: "both" } as never), "option", /mode is "both"/);
    expectError(() => loss(logits, [1, 0, 1, 0], { smooth: -1 }), "option", /smooth is -1/);
    expectError(() => loss(Float32Array.of(1, Number.NaN), [1, 0]), "nan", /input\[1\] is NaN/);
  });
}
