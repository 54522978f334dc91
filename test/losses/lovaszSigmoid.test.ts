import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lovaszSigmoid, valueAndGrad } from "../../src/index.js";
import { binaryCase, permutationOf, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { sigmoid as oracle } from "../oracle/lovasz.js";
import { sigmoid } from "../oracle/pixelwise.js";

const run = valueAndGrad(lovaszSigmoid);

const LIMIT = { absolute: 1e-7, relative: 2e-6 };

describe("lovaszSigmoid(input, labels, options)", () => {
  test("is the Lovász extension of its definition, and so is its gradient", () => {
    fc.assert(
      fc.property(binaryCase, fc.boolean(), fc.boolean(), ({ shape, logits, labels }, perImage, weigh) => {
        const pixelWeights = weigh ? Float32Array.from(labels, (_, i) => [1, 0.5, 0, 2][i % 4]) : undefined;
        const settings = { shape, perImage, ignore: VOID, pixelWeights };
        // float64 ties what float32 does not: logits so large that 1 - sigmoid is 0, and tiny ones
        const exact = logits.map((logit) => (Math.abs(logit) > 30 || Math.abs(logit) < 1e-6 ? 0 : logit));
        const came = run(exact, labels, settings);
        const expected = oracle(exact, labels, settings);
        expectClose([came.value], [expected.value], LIMIT, "loss");
        expectClose(came.grad, expected.grad, LIMIT, "gradient");
      }),
      { numRuns: 500 },
    );
  });

  test("takes probabilities with { fromLogits: false }", () => {
    fc.assert(
      fc.property(binaryCase, ({ shape, logits, labels }) => {
        const p = logits.map((logit) => Math.round(64 * sigmoid(logit)) / 64);
        const came = run(p, labels, { shape, ignore: VOID, fromLogits: false });
        const expected = oracle(p, labels, { shape, ignore: VOID, fromLogits: false });
        expectClose([came.value], [expected.value], LIMIT, "loss");
        expectClose(came.grad, expected.grad, LIMIT, "gradient");
      }),
    );
  });

  test("does not depend on the order of the pixels, to the last bit of the gradient", () => {
    const shuffled = binaryCase.chain((one) => fc.tuple(fc.constant(one), permutationOf(one.logits.length)));
    fc.assert(
      fc.property(shuffled, ([{ logits, labels }, order]) => {
        const first = run(logits, labels, { ignore: VOID });
        const came = run(
          logits.map((_, i) => logits[order[i]]),
          labels.map((_, i) => labels[order[i]]),
          { ignore: VOID },
        );
        expect(came.value).toBe(first.value);
        expect([...came.grad]).toEqual(order.map((from) => first.grad[from]));
      }),
    );
  });

  test("is symmetric: at -logit and swapped classes the slopes of equal errors agree", () => {
    expect(run([2, -1], [1, 0]).value).toBeCloseTo(run([2, -1], [1, 0], { perImage: true }).value);
    expect(run([1, 1], [1, 1]).grad[0]).toBe(run([1, 1], [1, 1]).grad[1]);
  });

  test("leaves void pixels out, NaN even, and is 0 where all are", () => {
    expect(run([Number.NaN, 2], [9, 0], { ignore: 9 }).value).toBe(run([0, 2], [9, 0], { ignore: 9 }).value);
    expect(run([Number.NaN, Infinity], [9, 9], { ignore: 9 })).toEqual({ value: 0, grad: new Float32Array(2) });
  });

  test("has finite values at infinite logits, and at 1e4", () => {
    for (const far of [1e4, Infinity]) {
      const { value, grad } = run([far, -far, far], [1, 1, 0]);
      expect(value).toBeCloseTo(2 / 3);
      expect([...grad].every((slope) => slope + 0 === 0)).toBe(true);
    }
  });

  test("gives one loss an image with { reduction: 'none', perImage: true }", () => {
    const each = [0, 2].map((at) => run([1, -2, 0.5, 3].slice(at, at + 2), [0, 1, 1, 1].slice(at, at + 2)).value);
    const options = { shape: [2, 2], reduction: "none", perImage: true } as const;
    expectClose(lovaszSigmoid(Float32Array.of(1, -2, 0.5, 3), [0, 1, 1, 1], options).data, each);
  });

  test("refuses what it cannot compute", () => {
    const input = Float32Array.of(1, 2);
    expectError(() => lovaszSigmoid(input, [0, 2]), "label", /labels\[1\] is 2, expected 0 or 1/);
    expectError(() => lovaszSigmoid(input, [0, 1], { fromLogits: false }), "option", /input\[1\] is 2, expected a probability/);
    expectError(() => lovaszSigmoid(input, [0, 1], { fromLogits: 1 } as never), "option", /fromLogits is 1/);
    expectError(() => lovaszSigmoid(input, [0, 1], { classes: "all" } as never), "option", /no option "classes"/);
    expectError(() => lovaszSigmoid(Float32Array.of(Number.NaN), [0]), "nan", /input\[0\] is NaN/);
  });
});
