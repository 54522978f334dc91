import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binaryCrossEntropy, focal, valueAndGrad } from "../../src/index.js";
import { binaryCase, multiclassCase, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";
import * as oracle from "../oracle/pixelwise.js";

const run = valueAndGrad(focal);

const LIMIT = { absolute: 1e-6, relative: 1e-5 };
const gammas = fc.constantFrom(0, 0.5, 2, 5);
const alphas = fc.constantFrom(null, 0.25, 1);

describe("focal(logits, labels, options)", () => {
  test("is the mean of its definition on binary and multilabel tasks", () => {
    fc.assert(
      fc.property(binaryCase, gammas, alphas, ({ shape, logits, labels }, gamma, alpha) => {
        const targets = [...labels].map((label) => (label === VOID ? null : label));
        const expected = oracle.meanOver(logits, targets, (x, t) => oracle.focal(x, t, gamma, alpha));
        for (const mode of ["binary", "multilabel"] as const) {
          expectClose([run(logits, labels, { shape, ignore: VOID, gamma, alpha, mode }).value], [expected], LIMIT);
        }
      }),
    );
  });

  test("is its mean over the classes, each against all others, on multiclass tasks", () => {
    fc.assert(
      fc.property(multiclassCase, gammas, alphas, ({ shape, logits, labels }, gamma, alpha) => {
        const came = run(logits, labels, { shape, mode: "multiclass", ignore: VOID, gamma, alpha });
        const targets = oracle.oneHot(labels, { images: shape[0], classes: shape[1], pixels: shape[2] }, VOID);
        expectClose([came.value], [oracle.meanOver(logits, targets, (x, t) => oracle.focal(x, t, gamma, alpha))], LIMIT);
        expect([...came.grad].every(Number.isFinite)).toBe(true);
      }),
    );
  });

  test("has the gradient of finite differences", () => {
    for (const gamma of [0, 1, 2]) {
      gradCheck((x) => focal(x, [0, 1, 1, 0, 9, 1], { gamma, alpha: 0.3, ignore: 9 }), [{ shape: [6], values: normals(6, 3) }]);
    }
  });

  test("is binary cross-entropy at gamma 0", () => {
    const [logits, labels] = [normals(9, 1), [0, 1, 1, 0, 0, 1, 0, 1, 1]];
    expectClose([run(logits, labels, { gamma: 0 }).value], [valueAndGrad(binaryCrossEntropy)(logits, labels).value]);
  });

  test("takes probabilities with { fromLogits: false }, with the gradient of its definition", () => {
    fc.assert(
      fc.property(binaryCase, gammas, alphas, fc.boolean(), ({ shape, logits, labels }, gamma, alpha, edges) => {
        const p = Float32Array.from(logits, (x) => (edges ? Number(x > 0) : oracle.sigmoid(x)));
        const targets = [...labels].map((label) => (label === VOID ? null : label));
        const kept = targets.filter((t) => t !== null).length;
        const came = run(p, labels, { shape, ignore: VOID, gamma, alpha, fromLogits: false });
        expectClose([came.value], [oracle.meanOver(p, targets, (x, t) => oracle.focalGiven(x, t, gamma, alpha).value)], LIMIT);
        const slopes = [...p].map((x, i) => (targets[i] === null ? 0 : oracle.focalGiven(x, targets[i], gamma, alpha).slope / kept));
        expectClose(came.grad, slopes, LIMIT);
      }),
    );
    const values = Float32Array.of(0.3, 0.8, 0.15, 0.85);
    for (const gamma of [0, 1, 2.5]) {
      gradCheck((x) => focal(x, [0, 1, 1, 0], { gamma, alpha: 0.3, fromLogits: false }), [{ shape: [4], values }], { step: 1 / 256 });
    }
    const logits = normals(9, 1);
    const labels = [0, 1, 1, 0, 0, 1, 0, 1, 1];
    expectClose([run(logits.map(oracle.sigmoid), labels, { fromLogits: false }).value], [run(logits, labels).value]);
    expectError(() => run([2, 0.5], [1, 0], { fromLogits: false }), "option", /input\[0\] is 2, expected a probability/);
  });

  test("stays finite for every gamma", () => {
    for (const gamma of [1e-46, 1e-38, 1e6, 1e18]) {
      for (const logits of [
        [88, -88, 20, -20, 0, 104],
        [1e4, -1e4, 1e30, -1e30, 3.4e38, -3.4e38],
      ]) {
        const { value, grad } = run(logits, [0, 1, 1, 0, 1, 1], { gamma });
        expect([value, ...grad].every(Number.isFinite)).toBe(true);
      }
      const { value, grad } = run([0, 1, 1e-45, 0.5, 1e-30, 1], [0, 1, 1, 0, 1, 0], { gamma, fromLogits: false });
      expect([value, ...grad].every(Number.isFinite)).toBe(true);
    }
    expectError(() => run([1], [1], { gamma: 1e39 }), "option", /gamma is 1e\+39, expected a finite number from 0 to 1e\+18/);
  });

  test("leaves void pixels out, NaN even, and is 0 where all are", () => {
    expect(run([Number.NaN, 2], [9, 0], { ignore: 9 })).toEqual(run([0, 2], [9, 0], { ignore: 9 }));
    expect(run([Number.NaN, Infinity], [9, 9], { ignore: 9 })).toEqual({ value: 0, grad: new Float32Array(2) });
  });

  test("refuses soft labels, and what it cannot compute", () => {
    const logits = Float32Array.of(1, 2);
    expectError(() => focal(logits, Float32Array.of(0.5, 1)), "label", /labels\[0\] is 0.5, expected 0 or 1/);
    expectError(() => focal(logits, [0, 1], { alpha: 2 }), "option", /alpha is 2, expected a finite number from 0 to 1/);
    expectError(() => focal(logits, [0, 1], { gamma: -1 }), "option", /gamma is -1/);
    expectError(() => focal(Float32Array.of(1, Infinity), [0, 1]), "nan", /input\[1\] is Infinity/);
  });
});
