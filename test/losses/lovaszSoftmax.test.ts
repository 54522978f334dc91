import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LovaszSoftmaxOptions, lovaszSoftmax, memory, tensor, valueAndGrad } from "../../src/index.js";
import { type LossCase, multiclassCase, permutationOf, tiedCase, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { integers, normals } from "../helpers/random.js";
import { softmax as oracle } from "../oracle/lovasz.js";
import { softmax as probabilitiesOf } from "../oracle/pixelwise.js";

const run = valueAndGrad(lovaszSoftmax);

const LIMIT = { absolute: 1e-7, relative: 2e-6 };

const withVoid = (one: LossCase) => ({ shape: one.shape, ignore: VOID });
const planesOf = ([images, classes, pixels]: readonly number[]) => ({ images, classes, pixels });
const pixelOf = (i: number, [, classes, pixels]: readonly number[]) => Math.floor(i / (classes * pixels)) * pixels + (i % pixels);
const classOf = (i: number, [, classes, pixels]: readonly number[]) => Math.floor(i / pixels) % classes;

/** `values` [B, C, N] with the planes of the classes in another order: the new plane c is the old `order[c]`. */
function relabelled(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  return values.map((_, i) => values[i + (order[classOf(i, shape)] - classOf(i, shape)) * shape[2]]);
}

describe("lovaszSoftmax(logits, labels, options)", () => {
  test("is the Lovász extension of its definition, and so is its gradient, whatever the options", () => {
    const options = fc.record({
      perImage: fc.boolean(),
      classes: fc.constantFrom("present" as const, "all" as const, [0], [1, 0]),
      weigh: fc.boolean(),
      weighPixels: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.oneof(multiclassCase, tiedCase), options, (one, { weigh, weighPixels, ...chosen }) => {
        const settings = {
          ...withVoid(one),
          ...chosen,
          classWeights: weigh ? [0.5, 2, 0, 1, 3].slice(0, one.shape[1]) : undefined,
          pixelWeights: weighPixels ? Float32Array.from(one.labels, (_, i) => [1, 0.5, 0, 2][i % 4]) : undefined,
        };
        const came = run(one.logits, one.labels, settings);
        const expected = oracle(one.logits, one.labels, settings);
        // errors tie, or differ by more than float32 rounds
        fc.pre(expected.gap > 1e-6);
        expectClose([came.value], [expected.value], LIMIT, "loss");
        expectClose(came.grad, expected.grad, { absolute: 2e-7, relative: 2e-6 }, "gradient");
      }),
      { numRuns: 500 },
    );
  });

  test("takes probabilities with { fromLogits: false }", () => {
    fc.assert(
      fc.property(multiclassCase, fc.boolean(), (one, perImage) => {
        const p = Float32Array.from(probabilitiesOf(one.logits, planesOf(one.shape)));
        const settings = { ...withVoid(one), perImage, fromLogits: false };
        const came = run(p, one.labels, settings);
        const expected = oracle(p, one.labels, settings);
        expectClose([came.value], [expected.value], { absolute: 1e-6, relative: 2e-6 }, "loss");
        if (new Set(p).size === p.length) expectClose(came.grad, expected.grad, { absolute: 1e-6, relative: 2e-5 }, "gradient");
      }),
    );
  });

  test("does not know the names of the classes", () => {
    const renamed = multiclassCase.chain((one) => fc.tuple(fc.constant(one), permutationOf(one.shape[1])));
    fc.assert(
      fc.property(renamed, fc.constantFrom("present" as const, "all" as const), ([one, order], classes) => {
        const labels = one.labels.map((label) => (label === VOID ? VOID : order.indexOf(label)));
        const came = run(relabelled(one.logits, one.shape, order), labels, { ...withVoid(one), classes });
        const first = run(one.logits, one.labels, { ...withVoid(one), classes });
        expectClose([came.value], [first.value], LIMIT);
        expectClose(came.grad, relabelled(first.grad, one.shape, order), LIMIT);
      }),
    );
  });

  test("is the same where every pixel stands twice", () => {
    fc.assert(
      fc.property(multiclassCase, fc.boolean(), ({ shape: [b, c, n], logits, labels }, perImage) => {
        const twice = <T extends Uint8Array | Float32Array>(values: T, rows: number) =>
          Array.from({ length: rows }, (_, row) => [
            ...values.slice(row * n, (row + 1) * n),
            ...values.slice(row * n, (row + 1) * n),
          ]).flat();
        const came = run(twice(logits, b * c), twice(labels, b), { shape: [b, c, 2 * n], ignore: VOID, perImage });
        expectClose([came.value], [run(logits, labels, { shape: [b, c, n], ignore: VOID, perImage }).value], LIMIT);
      }),
    );
  });

  test("leaves void pixels out: they have no gradient, and their logits, NaN even, change nothing", () => {
    fc.assert(
      fc.property(multiclassCase, fc.constantFrom(Number.NaN, Infinity, -Infinity, 3e38), fc.boolean(), (one, odd, perImage) => {
        const isVoid = (i: number) => one.labels[pixelOf(i, one.shape)] === VOID;
        const settings = { ...withVoid(one), perImage };
        const came = run(
          one.logits.map((logit, i) => (isVoid(i) ? odd : logit)),
          one.labels,
          settings,
        );
        expect(came).toEqual(run(one.logits, one.labels, settings));
        expect(came.grad.every((slope, i) => slope === 0 || !isVoid(i))).toBe(true);
      }),
    );
  });

  test("is the same with and without { perImage: true } for one image, and the mean over images for several", () => {
    fc.assert(
      fc.property(multiclassCase, ({ shape: [b, c, n], logits, labels }) => {
        const each = Array.from({ length: b }, (_, i) =>
          run(logits.slice(i * c * n, (i + 1) * c * n), labels.slice(i * n, (i + 1) * n), { shape: [1, c, n], ignore: VOID }),
        );
        const came = run(logits, labels, { shape: [b, c, n], ignore: VOID, perImage: true });
        expectClose([came.value], [each.reduce((sum, one) => sum + one.value, 0) / b], LIMIT);
        if (b === 1) expect(came).toEqual(each[0]);
      }),
    );
  });

  test("is the mean of 1 - IoU over the classes where predictions are one-hot", () => {
    const maps = fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(maps, (pixels) => {
        const oneHot = Float32Array.from({ length: 3 * pixels.length }, (_, i) =>
          Number(pixels[i % pixels.length][0] === Math.floor(i / pixels.length)),
        );
        const losses = [0, 1, 2].map((c) => {
          const union = pixels.filter(([p, label]) => p === c || label === c).length;
          return union === 0 ? 0 : 1 - pixels.filter(([p, label]) => p === c && label === c).length / union;
        });
        const labels = pixels.map(([, label]) => label);
        const settings = { shape: [1, 3, pixels.length], classes: "all" as const };
        expectClose([run(oneHot, labels, { ...settings, fromLogits: false }).value], [losses.reduce((a, b) => a + b) / 3], LIMIT);
        const logits = oneHot.map((p) => 1e4 * p);
        expectClose([run(logits, labels, settings).value], [losses.reduce((a, b) => a + b) / 3], LIMIT);
      }),
    );
  });

  test("does not change when the logits of a pixel shift by a constant", () => {
    fc.assert(
      fc.property(multiclassCase, (one) => {
        // multiples of 1/4 shift without rounding
        const logits = one.logits.map((logit) => Math.round(Math.max(-100, Math.min(100, logit)) * 4) / 4);
        const shifted = logits.map((logit, i) => logit + 8 * (pixelOf(i, one.shape) % 5) - 16);
        expect(run(shifted, one.labels, withVoid(one))).toEqual(run(logits, one.labels, withVoid(one)));
      }),
    );
  });

  test("has finite values and gradients at logits of 1e4", () => {
    fc.assert(
      fc.property(multiclassCase, (one) => {
        const { value, grad } = run(
          one.logits.map((logit) => 1e4 * Math.sign(logit)),
          one.labels,
          withVoid(one),
        );
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect([...grad].every(Number.isFinite)).toBe(true);
      }),
    );
  });

  test("gives equal pixels equal gradients, to the last bit, and does not depend on the order of pixels", () => {
    const shuffled = tiedCase.chain((one) => fc.tuple(fc.constant(one), permutationOf(one.shape[2])));
    fc.assert(
      fc.property(shuffled, ([{ shape, logits, labels }, order]) => {
        const [, c, n] = shape;
        const one = { logits: logits.slice(0, c * n), labels: labels.slice(0, n) };
        const settings = { shape: [1, c, n], ignore: VOID };
        const first = run(one.logits, one.labels, settings);
        const seen = new Map<string, string>();
        for (let i = 0; i < n; i++) {
          const row = (values: Float32Array) => Array.from({ length: c }, (_, k) => values[k * n + i] + 0).join(" ");
          const key = `${row(one.logits)} ${one.labels[i]}`;
          expect(row(first.grad)).toBe(seen.get(key) ?? row(first.grad));
          seen.set(key, row(first.grad));
        }
        const moved = run(
          one.logits.map((_, i) => one.logits[i - (i % n) + order[i % n]]),
          one.labels.map((_, i) => one.labels[order[i]]),
          settings,
        );
        expect(moved.value).toBe(first.value);
        expect([...moved.grad]).toEqual([...first.grad].map((_, i) => first.grad[i - (i % n) + order[i % n]]));
      }),
    );
  });

  test("takes class numbers of any kind, and one-hot labels whose rows of zeros are void", () => {
    const logits = normals(18, 7);
    const numbers = [0, 2, VOID, 1, 0, VOID];
    const planes = Float32Array.from({ length: 18 }, (_, i) => Number(numbers[pixelOf(i, [2, 3, 3])] === classOf(i, [2, 3, 3])));
    const settings = { shape: [2, 3, 3], ignore: VOID };
    const expected = run(logits, numbers, settings);
    const kinds = [Uint8Array.from(numbers), Int32Array.from(numbers), Float64Array.from(numbers), tensor(numbers, [2, 3])];
    for (const labels of [...kinds, planes, Uint8Array.from(planes), [...planes], tensor(planes, [2, 3, 3])]) {
      expect(run(logits, labels as Uint8Array, settings)).toEqual(expected);
    }
    const ignored = run(logits, planes, { shape: [2, 3, 3], ignore: 2 });
    expect(ignored).toEqual(
      run(
        logits,
        numbers.map((label) => (label === 2 ? VOID : label)),
        settings,
      ),
    );
    expectError(
      () => lovaszSoftmax(logits, planes.with(0, 0.5), { shape: [2, 3, 3] }),
      "label",
      /one-hot labels of pixel 0.*soft labels are for/,
    );
  });

  test.each([255, -1, -100])("takes %d for void", (ignore) => {
    const expected = run(normals(6, 1), [0, 7, 1], { shape: [1, 2, 3], ignore: 7 });
    for (const labels of [[0, ignore, 1], Int32Array.of(0, ignore, 1), tensor([0, ignore, 1])]) {
      expect(run(normals(6, 1), labels as number[], { shape: [1, 2, 3], ignore })).toEqual(expected);
    }
  });

  test("reads [P, C], [B, ..., C] and volumes", () => {
    const [b, c, n] = [2, 3, 8];
    const [logits, labels] = [normals(b * c * n, 2), integers(b * n, c, 3)];
    const from = (i: number) => (Math.floor(i / (n * c)) * c + (i % c)) * n + (Math.floor(i / c) % n);
    const last = logits.map((_, i) => logits[from(i)]);
    for (const perImage of [false, true]) {
      const expected = run(logits, labels, { shape: [b, c, 2, 2, 2], perImage });
      const came = run(last, labels, { shape: [b, 2, 2, 2, c], layout: "NHWC", perImage });
      expectClose([came.value], [expected.value], LIMIT);
      expectClose(
        came.grad,
        expected.grad.map((_, i) => expected.grad[from(i)]),
        LIMIT,
      );
    }
    const flat = run(last, labels, { shape: [b * n, c] });
    expectClose([flat.value], [run(logits, labels, { shape: [b, c, n] }).value], LIMIT);
    const oneHot = Float32Array.from(last, (_, i) => Number(labels[Math.floor(i / c)] === i % c));
    expect(run(last, oneHot, { shape: [b, 2, 2, 2, c], layout: "NHWC" })).toEqual(
      run(last, labels, { shape: [b, 2, 2, 2, c], layout: "NHWC" }),
    );
  });

  test("gives a loss for each class, or image, with { reduction: 'none' }, each with its own upstream gradient", () => {
    const [logits, labels] = [normals(24, 4), [0, 2, 1, 0, 2, 1, 1, 0]];
    for (const perImage of [false, true]) {
      const input = tensor(logits, [2, 3, 4], { requiresGrad: true });
      const losses = lovaszSoftmax(input, labels, { reduction: "none", perImage });
      expect(losses.shape).toEqual([perImage ? 2 : 3]);
      const expected = run(logits, labels, { shape: [2, 3, 4], perImage });
      expectClose([losses.data.reduce((a, b) => a + b) / losses.size], [expected.value], LIMIT);
      losses.backward(
        losses
          .detach()
          .mul(0)
          .add(1 / losses.size),
      );
      expectClose(input.grad!.data, expected.grad, LIMIT);
    }
  });

  test("is 0 with a gradient of zeros where every pixel is void, NaN or not", () => {
    for (const classes of ["present", "all", [1]] as const) {
      const { value, grad } = run(new Float32Array(6).fill(Number.NaN), [9, 9, 9], { shape: [1, 2, 3], ignore: 9, classes });
      expect([value, ...grad].every((x) => x === 0)).toBe(true);
    }
    expect(run([], [], { shape: [0, 3, 5] }).value).toBe(0);
    const none = lovaszSoftmax(new Float32Array(0), [], { shape: [0, 3, 5], reduction: "none" });
    expect([none.shape, [...none.data]]).toEqual([[3], [0, 0, 0]]);
  });

  test("is within 2e-6 of float64 at 2^16 pixels with one pixel of its class", () => {
    const n = 2 ** 16;
    const logits = normals(2 * n, 3);
    const labels = new Uint8Array(n);
    labels[n / 2] = 1;
    const came = run(logits, labels, { shape: [1, 2, n] });
    const expected = oracle(logits, labels, { shape: [1, 2, n] });
    expectClose([came.value], [expected.value], { absolute: 0, relative: 2e-6 }, "loss");
    const largest = expected.grad.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
    expectClose(came.grad, expected.grad, { absolute: 2e-6 * largest, relative: 2e-6 }, "gradient");
  });

  test("refuses what it cannot compute, names it, and leaves no memory behind", () => {
    const before = memory();
    const logits = Float32Array.of(1, 2, 3, 4);
    const call =
      (labels: unknown, options: object = {}) =>
      () =>
        lovaszSoftmax(logits, labels as number[], { shape: [2, 2], ...options } as LovaszSoftmaxOptions);
    const three = () => lovaszSoftmax(normals(9), [0, 21, 1], { shape: [3, 3] });
    expectError(three, "label", /labels\[1\] is 21, but the input has 3 classes \(0\.\.2\); pass \{ ignore: 21 \}/);
    expectError(call([0, 1, 1]), "shape", /labels has 3 entries, expected 2/);
    const empty = (shape: number[], options: object) => () => lovaszSoftmax(new Float32Array(0), [255], { shape, ignore: 255, ...options });
    expectError(
      empty([1, 0, 1], {}),
      "shape",
      /the input has shape \[1, 0, 1\], 0 classes; expected \[B, C, ...\] with at least one class/,
    );
    expectError(empty([1, 1, 0], { layout: "NHWC" }), "shape", /expected \[B, ..., C\] with at least one class/);
    expectError(empty([4, 0], {}), "shape", /expected \[P, C\] with at least one class/);
    expectError(call([0, 1], { shape: [4] }), "shape", /expected \[B, C, ...\] or \[P, C\]/);
    expectError(call([0, 1], { classes: [2] }), "option", /classes is \[2\], expected "present", "all" or a list/);
    expectError(call([0, 1], { classes: [] }), "option", /classes is \[\]/);
    expectError(call([0, 1], { classes: [1, 1] }), "option", /classes is \[1, 1\]/);
    expectError(call([0, 1], { classWeights: [1] }), "option", /classWeights is \[1\], expected 2/);
    expectError(call([0, 1], { pixelWeights: [1, -1] }), "option", /pixelWeights\[1\] is -1/);
    expectError(call([0, 1], { layout: "CHW" }), "option", /layout is "CHW"/);
    expectError(call([0, 1], { fromLogits: false }), "option", /input\[2\] is 3, expected a probability/);
    const odd = Float32Array.of(1, 2, Infinity, 4);
    expectError(() => lovaszSoftmax(odd, [0, 1], { shape: [2, 2] }), "nan", /input\[2\] is Infinity/);
    expectError(() => valueAndGrad(lovaszSoftmax)(logits, [0, 1], { shape: [2, 2], reduction: "none" }), "option", /reduction is "none"/);
    expect(memory()).toEqual(before);
  });
});
