import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binaryCrossEntropy, tensor, valueAndGrad } from "../../src/index.js";
import { binaryCase, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";
import * as oracle from "../oracle/pixelwise.js";

const run = valueAndGrad(binaryCrossEntropy);

const LIMIT = { absolute: 1e-30, relative: 1e-6 };

describe("binaryCrossEntropy(logits, labels, options)", () => {
  test("is the mean of its definition over what is not void, and its gradient sigmoid minus label", () => {
    fc.assert(
      fc.property(binaryCase, ({ shape, logits, labels }) => {
        const came = run(logits, labels, { shape, ignore: VOID });
        const targets = [...labels].map((label) => (label === VOID ? null : label));
        const kept = targets.filter((t) => t !== null).length;
        expectClose([came.value], [oracle.meanOver(logits, targets, oracle.binaryCrossEntropy)], LIMIT, "loss");
        const slopes = targets.map((t, i) => (t === null ? 0 : (oracle.sigmoid(logits[i]) - t) / kept));
        expectClose(came.grad, slopes, { absolute: 1e-7 / Math.max(kept, 1), relative: 2e-6 }, "gradient");
      }),
      { numRuns: 500 },
    );
  });

  test("neither overflows nor vanishes far from 0", () => {
    const { value, grad } = run([-80, 80, 20, -1e4, 1e4], [0, 1, 1, 1, 0]);
    const expected = (2 * Math.exp(-80) + Math.log1p(Math.exp(-20)) + 2e4) / 5;
    expectClose([value], [expected], LIMIT);
    expect([...grad].every(Number.isFinite)).toBe(true);
    expectClose([run([20], [1]).value], [Math.log1p(Math.exp(-20))], { absolute: 0, relative: 1e-6 });
  });

  test("of infinite logits is what it tends to: 0 where they are right, infinite where they are wrong", () => {
    expect(run([Infinity, -Infinity], [1, 0])).toEqual({ value: 0, grad: Float32Array.of(0, 0) });
    expect(run([Infinity, -Infinity, 0], [0, 1, 1])).toEqual({ value: Infinity, grad: Float32Array.of(1 / 3, -1 / 3, -1 / 6) });
    expect(run([Infinity, -Infinity], Float32Array.of(0.25, 0.25)).value).toBe(Infinity);
    expectClose(run([Infinity, -Infinity], Float32Array.of(0.25, 0.25)).grad, [0.375, -0.125]);
    // in vectors and in what is left of them, beside ignored ones
    for (const n of [1, 3, 4, 5, 8, 11]) {
      const labels = Array.from({ length: n }, (_, i) => [1, 0, VOID][i % 3]);
      const logits = labels.map((label) => [-Infinity, Infinity, Number.NaN][label === VOID ? 2 : label]);
      expect(run(logits, labels, { ignore: VOID })).toEqual({ value: 0, grad: new Float32Array(n) });
    }
  });

  test("takes probabilities with { fromLogits: false }: no logarithm below -100, no denominator below 1e-12", () => {
    fc.assert(
      fc.property(binaryCase, fc.boolean(), ({ shape, logits, labels }, edges) => {
        const p = Float32Array.from(logits, (x) => (edges ? Number(x > 0) : oracle.sigmoid(x)));
        const came = run(p, labels, { shape, ignore: VOID, fromLogits: false });
        const targets = [...labels].map((label) => (label === VOID ? null : label));
        const kept = targets.filter((t) => t !== null).length;
        expectClose([came.value], [oracle.meanOver(p, targets, oracle.binaryCrossEntropyGiven)], LIMIT, "loss");
        const slopes = [...p].map((one, i) => (targets[i] === null ? 0 : oracle.binarySlopeGiven(one, targets[i]) / kept));
        expectClose(came.grad, slopes, { absolute: 1e-30, relative: 2e-6 }, "gradient");
      }),
    );
    // as torch.nn.BCELoss
    expectClose([run([0, 1], [1, 0], { fromLogits: false }).value], [100]);
    expectClose(run([0, 1], [1, 0], { fromLogits: false }).grad, [-5e11, 5e11]);
    const soft = Float32Array.of(0.25, 1, 0, 0.5);
    const values = Float32Array.of(0.3, 0.8, 0.1, 0.9);
    gradCheck((x) => binaryCrossEntropy(x, soft, { fromLogits: false }), [{ shape: [4], values }], { step: 1 / 256 });
    const logits = [1, -1, 0.5, 2];
    expectClose([run(logits.map(oracle.sigmoid), soft, { fromLogits: false }).value], [run(logits, soft).value]);
    expectError(() => run([2, 0.5], [1, 0], { fromLogits: false }), "option", /input\[0\] is 2, expected a probability.*fromLogits: true/);
    expectError(() => run([2, 0.5], [1, 0], { fromLogits: 1 } as never), "option", /fromLogits is 1, expected true or false/);
    expect(run([Number.NaN, 0.5], [9, 1], { fromLogits: false, ignore: 9 })).toEqual(
      run([0, 0.5], [9, 1], { fromLogits: false, ignore: 9 }),
    );
  });

  test("takes soft labels, as floats", () => {
    const labels = Float32Array.of(0.25, 1, 0, 0.5);
    const { value, grad } = run([1, -1, 0.5, 2], labels);
    expectClose([value], [oracle.meanOver([1, -1, 0.5, 2], [...labels], oracle.binaryCrossEntropy)]);
    expectClose(
      grad,
      [1, -1, 0.5, 2].map((x, i) => (oracle.sigmoid(x) - labels[i]) / 4),
    );
    expect(run([1, -1, 0.5, 2], tensor(labels)).value).toBe(value);
  });

  test("weighs the positive term by posWeight and each loss by pixelWeights, divided by the number of pixels alone", () => {
    const factor = fc.constantFrom(0.01, 0.5, 1, 3, 1e6);
    fc.assert(
      fc.property(binaryCase, factor, fc.boolean(), fc.boolean(), ({ shape, logits, labels }, posWeight, weigh, fromLogits) => {
        const values = fromLogits ? logits : Float32Array.from(logits, (x) => oracle.sigmoid(x));
        const weights = values.map((_, i) => (weigh ? [2, 0, 0.25, 1][i % 4] : 1));
        const options = { shape, ignore: VOID, fromLogits, posWeight, pixelWeights: weigh ? weights : null };
        const came = run(values, labels, options);
        const targets = [...labels].map((label) => (label === VOID ? null : label));
        const kept = targets.filter((t) => t !== null).length;
        const loss = oracle.positiveWeighted(fromLogits ? oracle.binaryCrossEntropy : oracle.binaryCrossEntropyGiven, posWeight);
        expectClose([came.value], [oracle.weightedMeanOver(values, targets, weights, loss)], LIMIT, "loss");
        const slopes = targets.map((t, i) => {
          if (t === null) return 0;
          const slope = fromLogits ? oracle.sigmoid(values[i]) - t : oracle.binarySlopeGiven(values[i], t);
          return (weights[i] * (t === 1 ? posWeight : 1) * slope) / kept;
        });
        // float32 rounds 1 - p, the more the nearer p is to 1
        const absolute = (1e-7 * Math.max(posWeight, 1)) / Math.max(kept, 1);
        expectClose(came.grad, slopes, { absolute, relative: 2e-6 }, "gradient");
      }),
      { numRuns: 500 },
    );
  });

  test("takes weights with soft labels, and has a posWeight for each class", () => {
    const [posWeight, shape] = [
      [0.5, 1, 4],
      [2, 3, 2],
    ];
    const labels = Float32Array.from({ length: 12 }, (_, i) => (i === 5 ? 9 : (i % 5) / 4));
    const weights = Float32Array.from(labels, (_, i) => (i % 4) / 2);
    const values = normals(12, 3);
    const targets = [...labels].map((label) => (label === 9 ? null : label));
    const expected = oracle.weightedMeanOver(values, targets, weights, (x, t, i) =>
      oracle.positiveWeighted(oracle.binaryCrossEntropy, posWeight[Math.floor(i / 2) % 3])(x, t),
    );
    const options = { mode: "multilabel", ignore: 9, posWeight, pixelWeights: weights } as const;
    expectClose([run(values, labels, { ...options, shape }).value], [expected]);
    gradCheck((x) => binaryCrossEntropy(x, labels, options), [{ shape, values }]);
    // classes last: the weights have the order of the labels
    const last = <T extends Float32Array>(all: T) => all.map((_, k) => all[Math.floor(k / 6) * 6 + (k % 3) * 2 + (Math.floor(k / 3) % 2)]);
    const nhwc = { ...options, shape: [2, 2, 3], layout: "NHWC", pixelWeights: last(weights) } as const;
    const came = run(last(values), last(labels), nhwc);
    expectClose([came.value], [expected]);
    expectClose(came.grad, last(run(values, labels, { ...options, shape }).grad));
    // a list of one weight, and a list of equal ones, are that weight
    const one = run(values, labels, { ...options, shape, posWeight: 2 });
    for (const equal of [[2], [2, 2, 2], Float32Array.of(2, 2, 2)]) {
      const came = run(values, labels, { ...options, shape, posWeight: equal });
      expectClose([came.value, ...came.grad], [one.value, ...one.grad]);
    }
    const p = values.map(oracle.sigmoid);
    gradCheck((x) => binaryCrossEntropy(x, labels, { ...options, fromLogits: false }), [{ shape, values: p }], { step: 1 / 512 });
  });

  test("of infinite logits: a weight of 0 silences what is wrong", () => {
    for (const n of [1, 3, 4, 5, 8, 11]) {
      const logits = Array.from({ length: n }, (_, i) => [Infinity, -Infinity][i % 2]);
      const labels = logits.map((x) => Number(x < 0));
      const pixelWeights = new Float32Array(n);
      expect(run(logits, labels, { pixelWeights, posWeight: 5 })).toEqual({ value: 0, grad: new Float32Array(n) });
      expect(run(logits, labels, { posWeight: 5 }).value).toBe(Infinity);
      expect(
        run(
          logits,
          labels.map((t) => 1 - t),
          { posWeight: 5 },
        ),
      ).toEqual({ value: 0, grad: new Float32Array(n) });
    }
  });

  test("keeps the bits where all weights are 1, and takes weights below 1e-18", () => {
    const [values, labels] = [normals(11, 5), normals(11, 6).map((x) => Number(x > 0))];
    const plain = run(values, labels);
    for (const options of [{ posWeight: 1 }, { posWeight: null, pixelWeights: null }, { posWeight: [1] }]) {
      expect(run(values, labels, options)).toEqual(plain);
    }
    const tiny = run(values, labels, { pixelWeights: new Float32Array(11).fill(1e-30) });
    expectClose([tiny.value], [1e-30 * plain.value], { absolute: 0, relative: 1e-6 });
  });

  test("refuses weights that are none", () => {
    const values = Float32Array.of(1, 2);
    const call = (options: object) => () => binaryCrossEntropy(values, [0, 1], options);
    for (const wrong of [0, -1, Number.NaN, Infinity, 1e19, "1", []]) {
      expectError(call({ posWeight: wrong }), "option", /posWeight is .*, expected a number from 1e-18 to 1e\+18, or one for each class/);
    }
    expectError(call({ posWeight: [-1] }), "option", /posWeight\[0\] is -1, expected a number/);
    expectError(call({ posWeight: [1, 2] }), "option", /posWeight is an array of 2, expected a number, or 1, one for each class/);
    expectError(call({ pixelWeights: [1] }), "option", /pixelWeights is an array of 1, expected 2 numbers/);
    expectError(call({ pixelWeights: [1, -1] }), "option", /pixelWeights\[1\] is -1, expected a number from 0 to 1e\+18/);
    expectError(
      call({ pixelWeights: [1, 1e10], posWeight: 1e10 }),
      "option",
      /largest of pixelWeights times posWeight is 1\.00e\+20, expected at/,
    );
  });

  test("means each image first with { perImage: true }, and gives each with { reduction: 'none' }", () => {
    const logits = [1, 2, -1, 0.5, 3, -2];
    const labels = [1, 9, 9, 0, 1, 1];
    const each = [0, 1].map((b) => {
      const targets = labels.slice(3 * b, 3 * b + 3).map((t) => (t === 9 ? null : t));
      return oracle.meanOver(logits.slice(3 * b, 3 * b + 3), targets, oracle.binaryCrossEntropy);
    });
    const options = { shape: [2, 3], ignore: 9 };
    expectClose([run(logits, labels, { ...options, perImage: true }).value], [(each[0] + each[1]) / 2]);
    expectClose(binaryCrossEntropy(Float32Array.from(logits), labels, { ...options, reduction: "none" }).data, each);
  });

  test("is 0 where every pixel is void", () => {
    expect(run([1, 2], [9, 9], { ignore: 9 })).toEqual({ value: 0, grad: new Float32Array(2) });
  });

  test("refuses labels that are no share, NaN and unknown options", () => {
    const logits = Float32Array.of(1, 2);
    expectError(() => binaryCrossEntropy(logits, [0, 3]), "label", /labels\[1\] is 3, expected 0 or 1/);
    expectError(() => binaryCrossEntropy(logits, Float32Array.of(0, 1.5)), "label", /labels\[1\] is 1.5, expected a fraction/);
    expectError(() => binaryCrossEntropy(logits, [0]), "shape", /labels has 1 entries, expected 2/);
    expectError(() => binaryCrossEntropy(Float32Array.of(1, Number.NaN), [0, 1]), "nan", /input\[1\] is NaN/);
    expectError(() => binaryCrossEntropy(logits, [0, 1], { mode: "multiclass" } as never), "option", /mode is "multiclass"/);
  });

  test("of probabilities takes what rounding left outside for the bound, and keeps the digits of a small one", () => {
    const given = (probabilities: number[], labels: number[]) => run(probabilities, labels, { fromLogits: false }).value;
    expect(given([1 + 5e-6, -5e-6, 0.5, 1 + 5e-6], [1, 0, 1, 0])).toBe(given([1, 0, 0.5, 1], [1, 0, 1, 0]));
    for (const p of [1e-3, 1e-6, 1e-9, 1e-20]) expectClose([given([p], [0])], [-Math.log1p(-p)], LIMIT);
  });
});
