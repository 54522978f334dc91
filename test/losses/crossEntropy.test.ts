import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crossEntropy, tensor, valueAndGrad } from "../../src/index.js";
import { multiclassCase, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";
import * as oracle from "../oracle/pixelwise.js";

const run = valueAndGrad(crossEntropy);

describe("crossEntropy(logits, labels, options)", () => {
  test("is the weighted mean of -ln p of the label over what is not void, and its gradient p minus label", () => {
    fc.assert(
      fc.property(multiclassCase, fc.boolean(), ({ shape, logits, labels }, weigh) => {
        const classWeights = weigh ? [0.5, 2, 0, 1, 3].slice(0, shape[1]) : undefined;
        const came = run(logits, labels, { shape, ignore: VOID, classWeights });
        const planes = { images: shape[0], classes: shape[1], pixels: shape[2] };
        const expected = oracle.crossEntropy(logits, oracle.oneHot(labels, planes, VOID), planes, classWeights);
        expectClose([came.value], [expected.value], { absolute: 1e-7, relative: 2e-6 }, "loss");
        expectClose(came.grad, expected.grad, { absolute: 1e-6, relative: 2e-6 }, "gradient");
      }),
    );
  });

  test("takes soft labels, with the gradient of finite differences", () => {
    const soft = Float32Array.of(0.2, 0.5, 0.7, 0.3, 0.1, 0.2);
    gradCheck((x) => crossEntropy(x, soft, { classWeights: [1, 2, 0.5] }), [{ shape: [1, 3, 2], values: normals(6, 2) }]);
    const oneHot = Float32Array.of(1, 0, 0, 1, 0, 0);
    const settings = { shape: [1, 3, 2] };
    expectClose([run(normals(6), oneHot, settings).value], [run(normals(6), [0, 1], settings).value]);
  });

  test("leaves void pixels out, NaN even, and is 0 where all are", () => {
    const settings = { shape: [2, 2], ignore: 255 };
    expect(run([Number.NaN, Infinity, 1, 2], [255, 1], settings)).toEqual(run([0, 0, 1, 2], [255, 1], settings));
    expect(run(new Float32Array(4).fill(Number.NaN), [255, 255], settings)).toEqual({ value: 0, grad: new Float32Array(4) });
  });

  test("knows ratios of weights only, of whatever size", () => {
    const [values, labels] = [normals(12, 4), [0, 1, 1, 0, 0, 0]];
    for (const perImage of [false, true]) {
      const options = { shape: [2, 2, 3], perImage };
      const expected = run(values, labels, { ...options, classWeights: [3, 1] });
      for (const factor of [1e39, 1e308 / 3, 1e-46, 1e-300]) {
        const came = run(values, labels, { ...options, classWeights: [3 * factor, factor] });
        expectClose([came.value], [expected.value]);
        expectClose(came.grad, expected.grad);
      }
      // the second image has but the class of a weight that is nothing beside the other
      const lopsided = run(values, labels, { ...options, classWeights: [1e-60, 1] });
      const plain = run(values, labels, { ...options, classWeights: [0, 1] });
      if (!perImage) expectClose(lopsided.grad, plain.grad);
      else expectClose(lopsided.grad.slice(6), run(values, labels, options).grad.slice(6));
    }
    expect(run(values, labels, { shape: [2, 2, 3], classWeights: [0, 0] })).toEqual({ value: 0, grad: new Float32Array(12) });
  });

  test("takes probabilities with { fromLogits: false }: -ln p, no logarithm below -100, no denominator below 1e-12", () => {
    fc.assert(
      fc.property(multiclassCase, fc.boolean(), fc.boolean(), ({ shape, logits, labels }, weigh, edges) => {
        const classWeights = weigh ? [0.5, 2, 0, 1, 3].slice(0, shape[1]) : undefined;
        const planes = { images: shape[0], classes: shape[1], pixels: shape[2] };
        const p = Float32Array.from(oracle.softmax(logits, planes), (one) => (edges ? Math.round(one) : one));
        const came = run(p, labels, { shape, ignore: VOID, classWeights, fromLogits: false });
        const expected = oracle.crossEntropyGiven(p, oracle.oneHot(labels, planes, VOID), planes, classWeights);
        expectClose([came.value], [expected.value], { absolute: 1e-6, relative: 2e-6 }, "loss");
        expectClose(came.grad, expected.grad, { absolute: 1e-6, relative: 2e-6 }, "gradient");
      }),
    );
    const values = Float32Array.of(0.2, 0.7, 0.3, 0.5, 0.4, 0.6);
    gradCheck((x) => crossEntropy(x, [2, 1], { classWeights: [1, 2, 0.5], fromLogits: false }), [{ shape: [1, 3, 2], values }], {
      step: 1 / 128,
    });
    const logits = normals(6, 9);
    const given = Float32Array.from(oracle.softmax(logits, { images: 1, classes: 3, pixels: 2 }));
    const settings = { shape: [1, 3, 2] };
    expectClose([run(given, [2, 0], { ...settings, fromLogits: false }).value], [run(logits, [2, 0], settings).value]);
    expectError(() => run([0.5, 2], [0], { shape: [1, 2], fromLogits: false }), "option", /input\[1\] is 2, expected a probability/);
    const ignored = { shape: [2, 2], ignore: 255, fromLogits: false };
    expect(run([Number.NaN, 7, 0.25, 0.75], [255, 1], ignored)).toEqual(run([0, 0, 0.25, 0.75], [255, 1], ignored));
  });

  test("smooths labels: all classes share labelSmoothing in the numerator, and only the labels as given divide", () => {
    const smoothings = fc.constantFrom(0, 0.1, 0.5, 1);
    fc.assert(
      fc.property(
        multiclassCase,
        fc.boolean(),
        smoothings,
        fc.boolean(),
        fc.boolean(),
        ({ shape, logits, labels }, weigh, labelSmoothing, fromLogits, oneHot) => {
          const planes = { images: shape[0], classes: shape[1], pixels: shape[2] };
          const values = fromLogits ? logits : Float32Array.from(oracle.softmax(logits, planes));
          const classWeights = weigh ? [0.5, 2, 0, 1, 3].slice(0, shape[1]) : undefined;
          const targets = oracle.oneHot(labels, planes, VOID);
          const given = oneHot ? Float32Array.from(targets, (t) => t ?? VOID) : labels;
          const came = run(values, given, { shape, ignore: VOID, classWeights, labelSmoothing, fromLogits });
          const definition = fromLogits ? oracle.crossEntropy : oracle.crossEntropyGiven;
          const expected = definition(values, targets, planes, classWeights, labelSmoothing);
          expectClose([came.value], [expected.value], { absolute: 1e-6, relative: 2e-6 }, "loss");
          expectClose(came.grad, expected.grad, { absolute: 2e-6, relative: 2e-6 }, "gradient");
        },
      ),
    );
  });

  test("smooths soft labels, with the gradient of finite differences", () => {
    const soft = Float32Array.of(0.2, 0.5, 0.7, 0.3, 0.1, 0.2);
    const options = { classWeights: [1, 2, 0.5], labelSmoothing: 0.3 };
    const values = normals(6, 2);
    gradCheck((x) => crossEntropy(x, soft, options), [{ shape: [1, 3, 2], values }]);
    const planes = { images: 1, classes: 3, pixels: 2 };
    const expected = oracle.crossEntropy(values, [...soft], planes, options.classWeights, 0.3).value;
    expectClose([run(values, soft, { ...options, shape: [1, 3, 2] }).value], [expected]);
    // as torch.nn.functional.cross_entropy(torch.tensor([[2., 0.], [0., 1.]]), torch.tensor([0, 0]), torch.tensor([1., 3.]),
    // label_smoothing=0.2) has it
    const torch = run([2, 0, 0, 1], [0, 0], { shape: [2, 2], classWeights: [1, 3], labelSmoothing: 0.2 });
    expectClose([torch.value], [1.0141139]);
  });

  test("with labelSmoothing leaves ignored pixels out, and refuses ratios of weights that float32 does not mix", () => {
    const settings = { shape: [2, 2], ignore: 255, labelSmoothing: 0.5 };
    expect(run([Number.NaN, Infinity, 1, 2], [255, 1], settings)).toEqual(run([0, 0, 1, 2], [255, 1], settings));
    expect(run(new Float32Array(4), [255, 255], settings)).toEqual({ value: 0, grad: new Float32Array(4) });
    const weigh = (...classWeights: number[]) => run([1, 2, 3, 4], [0, 1], { ...settings, classWeights });
    expect(weigh(3e300, 1e300)).toEqual(weigh(3, 1));
    expect(weigh(0, 0)).toEqual({ value: 0, grad: new Float32Array(4) });
    expectError(() => weigh(1, 1e-19), "option", /classWeights\[1\] is 1e-19, expected 0 or at least 1e-18 times the largest, 1, as label/);
    for (const labelSmoothing of [-0.1, 1.1, Number.NaN, "0"]) {
      expectError(
        () => run([1, 2], [0], { shape: [1, 2], labelSmoothing: labelSmoothing as number }),
        "option",
        /labelSmoothing is .*, expected a finite number from 0 to 1$/,
      );
    }
  });

  test("is 0 for soft labels whose sum float32 does not divide by", () => {
    const { value, grad } = run([1, 2, 3, 4], Float32Array.of(1e-41, 0, 0, 1e-40), { shape: [1, 2, 2] });
    expect([value, ...grad].every((one) => one === 0)).toBe(true);
  });

  test("refuses what it cannot compute", () => {
    const logits = Float32Array.of(1, 2, 3, Infinity);
    expectError(() => crossEntropy(logits, [0, 1], { shape: [2, 2] }), "nan", /input\[3\] is Infinity/);
    const finite = logits.with(3, 4);
    expectError(() => crossEntropy(finite, [0, 2], { shape: [2, 2] }), "label", /labels\[1\] is 2/);
    expectError(
      () => crossEntropy(finite, [0, 1], { shape: [2, 2], classWeights: [1, -1] }),
      "option",
      /classWeights\[1\] is -1, expected a finite number of at least 0/,
    );
    expectError(() => crossEntropy(finite, [0, 1], { mode: "binary" } as never), "option", /mode is "binary"/);
  });
});

test("class weights that are nothing are none, and others are read", () => {
  const logits = tensor([1, 2, 3, 4], [2, 2]);
  const loss = (classWeights: unknown) => crossEntropy(logits, [0, 1], { classWeights } as never);
  expect(loss(null).item()).toBe(loss(undefined).item());
  for (const wrong of [Number.NaN, 0, "", false]) {
    expect(() => loss(wrong)).toThrow(/classWeights is .*, expected 2 numbers, one for each class/);
  }
});
