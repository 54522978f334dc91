import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LovaszExtensionOptions, lovaszExtension, memory, type SetFunction, valueAndGrad, zeros } from "../../src/index.js";
import { binaryCase, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { diceSet, jaccardSet, tverskySet } from "../oracle/extension.js";
import { extensionLoss as oracle } from "../oracle/lovasz.js";

const run = valueAndGrad(lovaszExtension);

const LIMIT = { absolute: 1e-6, relative: 2e-6 };

const sets = [
  { name: "jaccard", setFunction: "jaccard" as const, set: jaccardSet },
  { name: "dice", setFunction: "dice" as const, set: diceSet },
  { name: "tversky", setFunction: { tversky: { alpha: 0.3, beta: 0.7 } }, set: tverskySet(0.3, 0.7) },
  { name: "tversky that counts false positives only", setFunction: { tversky: { alpha: 1, beta: 0 } }, set: tverskySet(1, 0) },
  { name: "a function", setFunction: jaccardSet, set: jaccardSet },
  {
    name: "another function",
    setFunction: ((fp, fn) => Math.sqrt(fp + 2 * fn)) as SetFunction,
    set: ((fp, fn) => Math.sqrt(fp + 2 * fn)) as SetFunction,
  },
];

describe.each(sets)("lovaszExtension(errors, labels, { setFunction: $name })", ({ setFunction, set }) => {
  test("is its definition, and so is its gradient", () => {
    fc.assert(
      fc.property(binaryCase, fc.boolean(), fc.boolean(), ({ shape, logits, labels }, perImage, weigh) => {
        const errors = logits.map((x) => Math.min(Math.abs(x), 100));
        const pixelWeights = weigh ? Float32Array.from(labels, (_, i) => [1, 0.5, 0, 2][i % 4]) : undefined;
        const settings = { shape, perImage, ignore: VOID, pixelWeights };
        const came = run(errors, labels, { ...settings, setFunction });
        const expected = oracle(errors, labels, { ...settings, set });
        expectClose([came.value], [expected.value], { absolute: 1e-6, relative: 2e-6 }, "value");
        expectClose(came.grad, expected.grad, LIMIT, "gradient");
      }),
      { numRuns: 200 },
    );
  });

  test("is the set function where every error is 0 or 1", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 40 }), (pixels) => {
        const labels = pixels.map(([label]) => Number(label));
        const errors = pixels.map(([, wrong]) => Number(wrong));
        const count = (label: boolean) => pixels.filter(([one, wrong]) => wrong && one === label).length;
        expectClose([run(errors, labels, { setFunction }).value], [set(count(false), count(true), labels.filter(Boolean).length)], LIMIT);
      }),
    );
  });
});

describe("lovaszExtension(errors, labels, options)", () => {
  test("grows in proportion to the errors", () => {
    fc.assert(
      fc.property(binaryCase, ({ shape, logits, labels }) => {
        const errors = logits.map((x) => Math.min(Math.abs(x), 100));
        const once = run(errors, labels, { shape, ignore: VOID });
        const twice = run(
          errors.map((x) => 2 * x),
          labels,
          { shape, ignore: VOID },
        );
        // below 2^-126 float32 has steps of 2^-149, by half of which each value may be off
        if (once.value >= 2 ** -126) expect(twice.value).toBe(Math.fround(2 * once.value));
        else expect(Math.abs(twice.value - 2 * once.value)).toBeLessThanOrEqual(2 ** -148);
        expect(twice.grad).toEqual(once.grad);
      }),
    );
  });

  test("lets a set function compute with tensors itself, and passes on what it throws", () => {
    const before = memory();
    const greedy: SetFunction = (fp, fn, positives) => {
      zeros([2 ** 18]).dispose();
      return jaccardSet(fp, fn, positives);
    };
    expect(run([1, 2, 3], [1, 0, 1], { setFunction: greedy })).toEqual(run([1, 2, 3], [1, 0, 1], { setFunction: jaccardSet }));
    const failing = () => {
      throw new RangeError("mine");
    };
    expect(() => run([1, 2], [1, 0], { setFunction: failing })).toThrow(new RangeError("mine"));
    expect(memory()).toEqual(before);
  });

  test("is 0 with a gradient of zeros where every pixel is void", () => {
    for (const { setFunction } of sets) {
      expect(run([3, Number.NaN], [7, 7], { ignore: 7, setFunction })).toEqual({ value: 0, grad: new Float32Array(2) });
    }
  });

  test("refuses what it cannot compute", () => {
    const errors = Float32Array.of(1, 2);
    const call = (setFunction: unknown) => () => lovaszExtension(errors, [0, 1], { setFunction } as never);
    expectError(() => lovaszExtension(Float32Array.of(1, -1), [0, 1]), "option", /errors\[1\] is -1, expected at least 0/);
    expectError(() => lovaszExtension(Float32Array.of(1, Number.NaN), [0, 1]), "nan", /input\[1\] is NaN/);
    expectError(call("iou"), "option", /setFunction is "iou", expected "jaccard", "dice"/);
    expectError(call(null), "option", /setFunction is null, expected "jaccard", "dice"/);
    expectError(call(new Map([["tversky", { alpha: 1, beta: 1 }]])), "option", /setFunction is a value of type Map/);
    expect(call(undefined)().item()).toBe(call("jaccard")().item());
    expectError(call({ tversky: { alpha: 1 } }), "option", /beta is null/);
    expectError(call({ tversky: { alpha: 1, beta: 1, gamma: 1 } }), "option", /no option "gamma"/);
    expectError(call({ tversky: { alpha: 1, beta: 1 }, dice: true }), "option", /setFunction has no option "dice"/);
    expectError(
      call(() => Number.NaN),
      "option",
      /setFunction\(0, 0, 1\) is NaN, expected a finite number/,
    );
  });

  test("refuses set functions and weights of which float32 cannot hold what comes out", () => {
    const [errors, labels] = [Float32Array.of(1, 0.5, 0.25), [1, 0, 1]];
    const of = (setFunction: LovaszExtensionOptions["setFunction"], values = errors) => lovaszExtension(values, labels, { setFunction });
    expectError(() => of({ tversky: { alpha: 1e308, beta: 1 } }), "option", /setFunction\.tversky\.alpha is 1e\+308, .* from 0 to 1e\+18/);
    expectError(
      () => of({ tversky: { alpha: 1, beta: 1e-46 } }),
      "option",
      /setFunction\.tversky\.beta is 1e-46, expected 0 or at least 1e-9/,
    );
    expectError(
      () => of((fp, fn) => (fp + fn) * 1e39),
      "option",
      /setFunction\(0, 1, 2\) is 1e\+39, expected a finite number of at most 1e\+38/,
    );
    const large = (fp: number, fn: number) => (fp + fn) * 1e37;
    expect(of(large).item()).toBeCloseTo(1.75e37, -32);
    expectError(() => of(large, Float32Array.of(1e5, 0, 0)), "option", /a loss of 9.99\S* or a gradient that exceeds float32/);
    // an infinite error that counts is an infinite loss, but no difference of two
    expect(of(large, Float32Array.of(Infinity, 0, 0)).item()).toBe(Infinity);
    expectError(() => of((fp, fn) => -fp - fn, Float32Array.of(Infinity, 0, 0)), "option", /a loss of -Infinity or a gradient/);
  });

  test("agrees with its definition for small and large weights", () => {
    const [errors, labels] = [Float32Array.of(1, 0.5, 0.25, 0.125), [1, 0, 1, 0]];
    for (const alpha of [0, 1e-9, 1, 1e9, 1e18]) {
      for (const beta of [0, 1e-9, 1, 1e9, 1e18]) {
        const options = { shape: [4], set: tverskySet(alpha, beta) };
        const expected = oracle(errors, labels, options);
        const came = valueAndGrad(lovaszExtension)(errors, labels, { setFunction: { tversky: { alpha, beta } } });
        expectClose([came.value], [expected.value]);
        expectClose(came.grad, expected.grad);
      }
    }
  });
});
