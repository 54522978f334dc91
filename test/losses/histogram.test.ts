// method: "histogram" of every loss that has it: its distance from the exact loss, its gradient, and its options.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Labels,
  lovaszExtension,
  lovaszHinge,
  lovaszMultilabel,
  lovaszSigmoid,
  lovaszSoftmax,
  multiLovaszHinge,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../../src/index.js";
import { binaryCase, type LossCase, multiclassCase, permutationOf, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { integers, normals } from "../helpers/random.js";

type Loss = (input: Tensor, labels: Labels, options?: object) => Tensor;

const bins = fc.constantFrom(2, 7, 64, 1000, 65_536);
const weightsOf = (count: number) => fc.option(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: count, maxLength: count }));
const clamp = (values: Float32Array) => values.map((value) => Math.min(1, Math.abs(value)));

// above all errors: 1, or of the hinge and of given errors a power of two
const hingeRange = ({ logits, labels }: LossCase) => rangeAbove(logits.map((x, i) => (labels[i] === VOID ? 0 : 1 - (labels[i] ? x : -x))));
const rangeAbove = (errors: Float32Array) => 2 ** (Math.floor(Math.log2(Math.max(2 ** -64, ...errors))) + 1);

interface Case {
  name: string;
  loss: Loss;
  one: fc.Arbitrary<LossCase>;
  options?: object;
  values?: (logits: Float32Array) => Float32Array;
  range: (one: LossCase) => number;
}

const cases: Case[] = [
  { name: "lovaszHinge", loss: lovaszHinge, one: binaryCase, range: hingeRange },
  { name: "lovaszSigmoid", loss: lovaszSigmoid, one: binaryCase, range: () => 1 },
  {
    name: "lovaszSigmoid of probabilities",
    loss: lovaszSigmoid,
    one: binaryCase,
    options: { fromLogits: false },
    values: clamp,
    range: () => 1,
  },
  {
    name: "lovaszExtension",
    loss: lovaszExtension,
    one: binaryCase,
    values: (x) => x.map(Math.abs),
    range: (c) => rangeAbove(c.logits.map(Math.abs)),
  },
  {
    name: "lovaszExtension of Dice",
    loss: lovaszExtension,
    one: binaryCase,
    options: { setFunction: "dice" },
    values: clamp,
    range: () => 2,
  },
  { name: "lovaszSoftmax", loss: lovaszSoftmax, one: multiclassCase, range: () => 1 },
];

// of [classes, n] logits
function softmax64(logits: Float32Array, n: number): Float64Array {
  const powers = Float64Array.from(logits, Math.exp);
  return powers.map((power, k) => {
    let sum = 0;
    for (let at = k % n; at < powers.length; at += n) sum += powers[at];
    return power / sum;
  });
}

describe.each(cases)('$name with method: "histogram"', ({ loss, one, options, values = (x) => x, range }) => {
  const run = valueAndGrad<Labels, Record<string, unknown>>(loss);

  test("is within one bin width of the exact loss, whatever the pixels weigh", () => {
    const weighed = one.chain((c) => fc.tuple(fc.constant(c), bins, weightsOf(c.labels.length), fc.boolean()));
    fc.assert(
      fc.property(weighed, ([c, count, pixelWeights, perImage]) => {
        const settings = { ...options, shape: c.shape, ignore: VOID, perImage, pixelWeights };
        const exact = run(values(c.logits), c.labels, settings).value;
        const came = run(values(c.logits), c.labels, { ...settings, method: "histogram", bins: count }).value;
        const width = range(c) / count;
        expect(Math.abs(came - exact)).toBeLessThanOrEqual(width + 1e-6 * (1 + exact));
      }),
      { numRuns: 200 },
    );
  });

  test("does not depend on the order of the pixels, and leaves void pixels without gradient", () => {
    const shuffled = one.chain((c) => fc.tuple(fc.constant(c), permutationOf(c.shape[c.shape.length - 1]), bins));
    fc.assert(
      fc.property(shuffled, ([c, order, count]) => {
        const n = order.length;
        const move = <T extends Float32Array | Uint8Array>(all: T) => all.map((_, i) => all[i - (i % n) + order[i % n]]) as T;
        const settings = { ...options, shape: c.shape, ignore: VOID, method: "histogram", bins: count };
        const first = run(values(c.logits), c.labels, settings);
        const came = run(values(move(c.logits)), move(c.labels), settings);
        expect(came.value).toBe(first.value);
        expect([...came.grad]).toEqual([...move(first.grad)]);
        if (c.logits.length !== c.labels.length) return;
        c.labels.forEach((label, i) => {
          if (label === VOID) expect(first.grad[i]).toBe(0);
        });
      }),
    );
  });
});

test("is the exact loss and gradient where no bin mixes different errors", () => {
  const n = 4099;
  // errors (2 k + 1) / 2^13, the middles of 4,096 bins of 0..1 and their doubles
  const errors = Float32Array.from(integers(n, 4096, 3), (k) => (2 * k + 1) / 2 ** 13);
  const labels = integers(n, 2, 4);
  const exact = valueAndGrad(lovaszExtension)(errors, labels);
  const came = valueAndGrad(lovaszExtension)(errors, labels, { method: "histogram", bins: 4096 });
  expectClose([came.value], [exact.value], { absolute: 0, relative: 1e-6 });
  expectClose(came.grad, exact.grad, { absolute: 0, relative: 1e-6 });
});

test("comes near the exact gradient of many pixels with the default 65,536 bins", () => {
  const n = 2 ** 15;
  const logits = normals(3 * n, 5);
  const labels = integers(n, 3, 6);
  const exact = valueAndGrad(lovaszSoftmax)(logits, labels, { shape: [1, 3, n] });
  const came = valueAndGrad(lovaszSoftmax)(logits, labels, { shape: [1, 3, n], method: "histogram" });
  const largest = Math.max(...exact.grad.map(Math.abs));
  expectClose([came.value], [exact.value], { absolute: 2 ** -16, relative: 0 });
  expectClose(came.grad, exact.grad, { absolute: 1e-3 * largest, relative: 0 });
});

test("is, through the softmax, the gradient of errors in the middles of their bins, as exactly as float32 can", () => {
  const [n, classes, bins] = [203, 3, 8];
  const logits = normals(classes * n, 12).map((x) => 3 * x);
  const labels = integers(n, classes, 13);
  const came = valueAndGrad(lovaszSoftmax)(logits, labels, { shape: [1, classes, n], method: "histogram", bins });
  const p = softmax64(logits, n);
  let value = 0;
  const slopes = new Float64Array(classes * n);
  for (let c = 0; c < classes; c++) {
    const errors = [...labels].map((label, i) => Math.abs((label === c ? 1 : 0) - p[c * n + i]));
    // none so close to a border that float32 could take it for the other side's
    for (const error of errors) expect(Math.abs(bins * error - Math.round(bins * error))).toBeGreaterThan(1e-5);
    const middles = Float32Array.from(errors, (error) => (Math.ceil(bins * error) - 0.5) / bins);
    const is = labels.map((label) => (label === c ? 1 : 0));
    const one = valueAndGrad(lovaszExtension)(middles, is);
    value += one.value / classes;
    one.grad.forEach((slope, i) => {
      slopes[c * n + i] = ((is[i] ? -1 : 1) * slope) / classes;
    });
  }
  const expected = p.map((q, k) => {
    const mean = [0, 1, 2].reduce((sum, c) => sum + p[c * n + (k % n)] * slopes[c * n + (k % n)], 0);
    return q * (slopes[k] - mean);
  });
  expectClose([came.value], [value], { absolute: 0, relative: 1e-6 });
  expectClose(came.grad, expected, { absolute: 3e-7 * Math.max(...expected.map(Math.abs)), relative: 0 });
});

test("counts hinge errors again where a few pixels err more than all that were looked at before", () => {
  const n = 4096 + 5;
  for (const at of [0, 13, 70, n - 1]) {
    const logits = normals(n, 9);
    const labels = integers(n, 2, 10);
    logits[at] = labels[at] === 1 ? -100 : 100;
    const exact = valueAndGrad(lovaszHinge)(logits, labels);
    const came = valueAndGrad(lovaszHinge)(logits, labels, { method: "histogram" });
    expectClose([came.value], [exact.value], { absolute: 128 / 65_536, relative: 0 });
    expectClose([came.grad[at]], [exact.grad[at]], { absolute: 0, relative: 1e-6 });
  }
});

test("serves several images, reductions and the losses of many channels", () => {
  const input = normals(24, 7);
  const labels = integers(24, 2, 8);
  const settings = { method: "histogram", bins: 2 ** 18 } as const;
  const exact = multiLovaszHinge(input, labels, { shape: [8, 3] });
  const came = multiLovaszHinge(input, labels, { shape: [8, 3], ...settings });
  expectClose(came.losses, exact.losses, { absolute: 8 / 2 ** 18, relative: 0 });
  expectClose(came.grads, exact.grads);
  const x = tensor(input, [2, 3, 4]);
  for (const reduction of ["none", "mean"] as const) {
    const whole = lovaszMultilabel(x, labels, { perImage: true, reduction });
    const counted = lovaszMultilabel(x, labels, { perImage: true, reduction, ...settings });
    expectClose([...counted.data], [...whole.data], { absolute: 8 / 2 ** 18, relative: 0 });
    for (const made of [whole, counted]) made.dispose();
  }
  x.dispose();
});

test("refuses options that mean nothing together, and what it cannot count", () => {
  const logits = Float32Array.of(1, -2);
  expectError(() => lovaszHinge(logits, [1, 0], { bins: 64 }), "option", /bins is 64, but method is "sort"/);
  expectError(() => lovaszSoftmax(logits, [1], { shape: [1, 2], bins: 64 }), "option", /bins is 64, but method is "sort"/);
  expectError(() => lovaszHinge(logits, [1, 0], { method: "histogramm" } as never), "option", /method is "histogramm"/);
  for (const wrong of [1, 2.5, -4, 2 ** 20 + 1]) {
    expectError(() => lovaszSigmoid(logits, [1, 0], { method: "histogram", bins: wrong }), "option", /bins is/);
  }
  expectError(
    () => lovaszExtension(logits.map(Math.abs), [1, 0], { method: "histogram", setFunction: () => 0 }),
    "option",
    /a setFunction of your own needs method "sort"/,
  );
  expectError(
    () => lovaszHinge(Float32Array.of(1, Number.NEGATIVE_INFINITY), [1, 0], { method: "histogram" }),
    "nan",
    /input\[1\] is -Infinity/,
  );
});
