// dice, jaccard and tversky: one formula with three settings.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dice, jaccard, type Labels, type Mode, type RegionOptions, type Tensor, tensor, tversky, valueAndGrad } from "../../src/index.js";
import { binaryCase, multiclassCase, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";
import * as oracle from "../oracle/pixelwise.js";

const losses = [
  { name: "dice", loss: dice, settings: { alpha: 0.5, beta: 0.5 } },
  { name: "jaccard", loss: jaccard, settings: { alpha: 1, beta: 1 } },
  { name: "tversky", loss: tversky, settings: { alpha: 0.3, beta: 0.7 } },
];

const LIMIT = { absolute: 2e-6, relative: 2e-6 };

describe.each(losses)("$name(input, labels, options)", ({ name, loss, settings }) => {
  const own = name === "tversky" ? settings : {};
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

  test("refuses what it cannot compute", () => {
    const logits = Float32Array.of(1, 2, 3, 4);
    expectError(() => loss(logits, [1, 0, 1, 2]), "label", /labels\[3\] is 2/);
    expectError(() => loss(logits, [1, 0], { mode: "multiclass" }), "shape", /expected \[B, C, ...\] or \[P, C\]/);
    expectError(() => loss(logits, [1, 0, 1, 0], { mode: "both" } as never), "option", /mode is "both"/);
    expectError(() => loss(logits, [1, 0, 1, 0], { smooth: -1 }), "option", /smooth is -1/);
    expectError(() => loss(Float32Array.of(1, Number.NaN), [1, 0]), "nan", /input\[1\] is NaN/);
  });
});
