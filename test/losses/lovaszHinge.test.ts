import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lovaszHinge, memory, tensor, valueAndGrad } from "../../src/index.js";
import { binaryCase, logitsOf, permutationOf, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { normals } from "../helpers/random.js";
import { hinge } from "../oracle/lovasz.js";

const run = valueAndGrad(lovaszHinge);

const LIMIT = { absolute: 1e-7, relative: 1e-6 };

describe("lovaszHinge(logits, labels, options)", () => {
  test("is the Lovász extension of its definition, and so is its gradient", () => {
    fc.assert(
      fc.property(binaryCase, fc.boolean(), ({ shape, logits, labels }, perImage) => {
        const came = run(logits, labels, { shape, perImage, ignore: VOID });
        const expected = hinge(logits, labels, { shape, perImage, ignore: VOID });
        expectClose([came.value], [expected.value], LIMIT, "loss");
        expectClose(came.grad, expected.grad, LIMIT, "gradient");
      }),
      { numRuns: 1000 },
    );
  });

  test("is at least 0", () => {
    fc.assert(fc.property(binaryCase, ({ shape, logits, labels }) => run(logits, labels, { shape, ignore: VOID }).value >= 0));
  });

  test("is 0, with its gradient, when every margin is at least 1", () => {
    fc.assert(
      fc.property(binaryCase, ({ shape, logits, labels }) => {
        const right = logits.map((logit, i) => (labels[i] === 1 ? 1 : -1) * (1 + Math.abs(logit)));
        const { value, grad } = run(right, labels, { shape, ignore: VOID });
        expect(value).toBe(0);
        expect([...grad].every((slope) => slope === 0)).toBe(true);
      }),
    );
  });

  test("does not depend on the order of the pixels, to the last bit of the gradient", () => {
    const shuffled = binaryCase.chain((one) => fc.tuple(fc.constant(one), permutationOf(one.logits.length)));
    fc.assert(
      fc.property(shuffled, ([{ logits, labels }, order]) => {
        const came = run(
          logits.map((_, i) => logits[order[i]]),
          labels.map((_, i) => labels[order[i]]),
          { ignore: VOID },
        );
        const first = run(logits, labels, { ignore: VOID });
        expect(came.value).toBe(first.value);
        expect([...came.grad]).toEqual(order.map((from) => first.grad[from]));
      }),
    );
  });

  test("gives pixels of equal logit and label equal gradients", () => {
    fc.assert(
      fc.property(binaryCase, ({ logits, labels }) => {
        const { grad } = run(logits, labels, { ignore: VOID });
        const seen = new Map<string, number>();
        logits.forEach((logit, i) => {
          const key = `${logit + 0} ${labels[i]}`;
          expect(grad[i]).toBe(seen.get(key) ?? grad[i]);
          seen.set(key, grad[i]);
        });
      }),
    );
  });

  test("leaves void pixels out: they have no gradient, and their logits, NaN even, change nothing", () => {
    fc.assert(
      fc.property(binaryCase, ({ shape, logits, labels }) => {
        const other = logits.map((logit, i) => (labels[i] === VOID ? Number.NaN : logit));
        const came = run(other, labels, { shape, ignore: VOID });
        const first = run(logits, labels, { shape, ignore: VOID });
        expect(came).toEqual(first);
        labels.forEach((label, i) => {
          if (label === VOID) expect(came.grad[i]).toBe(0);
        });
      }),
    );
  });

  test("has the slope of finite differences where no errors tie", () => {
    const n = 24;
    const labels = Uint8Array.from({ length: n }, (_, i) => ((i * 7) % 3) & 1);
    const margins = Float32Array.from({ length: n }, (_, i) => (((i * 11) % n) - n / 2) / 8 + 1 / 16);
    const logits = margins.map((margin, i) => (labels[i] ? margin : -margin));
    const { grad } = run(logits, labels);
    const step = 1 / 64;
    const slopes = logits.map((logit, i) => {
      const at = (value: number) => run(logits.with(i, value), labels).value;
      return (at(logit + step) - at(logit - step)) / (2 * step);
    });
    expectClose(grad, slopes, { absolute: 2e-5, relative: 1e-4 });
  });

  test("is convex along any segment", () => {
    const segment = binaryCase.chain((one) => fc.tuple(fc.constant(one), logitsOf(one.logits.length), fc.integer({ min: 1, max: 15 })));
    fc.assert(
      fc.property(segment, ([{ shape, logits, labels }, other, sixteenths]) => {
        const t = sixteenths / 16;
        const loss = (values: Float32Array) => run(values, labels, { shape, ignore: VOID }).value;
        const between = loss(logits.map((a, i) => (1 - t) * a + t * other[i]));
        const chord = (1 - t) * loss(logits) + t * loss(other);
        expect(between).toBeLessThanOrEqual(chord + 1e-6 * (1 + chord + 1e-2 * Math.max(...logits.map(Math.abs), ...other.map(Math.abs))));
      }),
    );
  });

  test("equals 1 - IoU where every error is 0 or 1", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 60 }), (pixels) => {
        const labels = pixels.map(([label]) => Number(label));
        const logits = Float32Array.from(pixels, ([label, wrong]) => (wrong ? 0 : label ? 1 : -1));
        const union = pixels.filter(([label, wrong]) => label || wrong).length;
        const intersection = pixels.filter(([label, wrong]) => label && !wrong).length;
        expectClose([run(logits, labels).value], [union === 0 ? 0 : 1 - intersection / union], LIMIT);
      }),
    );
  });

  test("is within 1e-6 of float64 at 2^18 pixels with one positive, where float32 differences are not", () => {
    const n = 2 ** 18;
    const logits = normals(n, 3);
    const labels = new Uint8Array(n);
    labels[n / 2] = 1;
    const came = run(logits, labels);
    const expected = hinge(logits, labels, { shape: [n] });
    expectClose([came.value], [expected.value], LIMIT, "loss");
    expectClose(came.grad, expected.grad, { absolute: 0, relative: 1e-6 }, "gradient");
  });

  test('gives one loss an image with { reduction: "none" }, each with its own upstream gradient', () => {
    const logits = normals(12, 5);
    const labels = [0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0];
    const input = tensor(logits, [3, 4], { requiresGrad: true });
    const losses = lovaszHinge(input, labels, { reduction: "none" });
    expect(losses.shape).toEqual([3]);
    losses.backward(tensor([1, 0, -2]));
    const single = [0, 1, 2].map((i) => run(logits.slice(4 * i, 4 * i + 4), labels.slice(4 * i, 4 * i + 4)));
    expectClose(
      losses.toArray() as number[],
      single.map((one) => one.value),
      LIMIT,
    );
    const expected = single.flatMap((one, i) => [...one.grad].map((slope) => slope * [1, 0, -2][i]));
    expectClose(input.grad!.data, expected, LIMIT);
    for (const made of [input, losses]) made.dispose();
  });

  test("is 0 with a gradient of zeros when every pixel is void, and counts such an image as 0 in the mean", () => {
    expect(run([3, -2], [7, 7], { ignore: 7 })).toEqual({ value: 0, grad: new Float32Array(2) });
    const half = run([3, -2, 0, 0], [7, 7, 1, 0], { shape: [2, 2], ignore: 7 });
    expectClose([half.value], [run([0, 0], [1, 0]).value / 2]);
    expect(run([], []).value).toBe(0);
  });

  test("takes a Float32Array with a shape, and labels of any kind of list", () => {
    const logits = Float32Array.of(0.5, -1, 2, 0.25);
    const expected = run(logits, [1, 0, 1, 0], { shape: [2, 2] }).value;
    for (const labels of [
      Uint8Array.of(1, 0, 1, 0),
      Int32Array.of(1, 0, 1, 0),
      tensor([
        [1, 0],
        [1, 0],
      ]),
      Int8Array.of(1, 0, 1, 0),
    ]) {
      expect(lovaszHinge(logits, labels, { shape: [2, 2] }).item()).toBe(expected);
    }
    expect(lovaszHinge(logits, Uint8Array.of(1, 0, 1, 0), { shape: [2, 2] }).requiresGrad).toBe(false);
  });

  test("multiplies with what comes in from a bigger expression", () => {
    const input = tensor([0.5, -0.25], undefined, { requiresGrad: true });
    lovaszHinge(input, [0, 1]).mul(3).add(1).backward();
    const alone = run([0.5, -0.25], [0, 1]);
    expectClose(
      input.grad!.data,
      alone.grad.map((slope) => 3 * slope),
      LIMIT,
    );
  });

  test("refuses what it cannot compute, names it, and leaves no memory behind", () => {
    const before = memory();
    const logits = Float32Array.of(1, 2, 3, 4);
    expectError(() => lovaszHinge(logits, [1, 0, 1]), "shape", /labels has 3 entries, expected 4/);
    expectError(() => lovaszHinge(logits, [1, 2, 1, 0]), "label", /labels\[1\] is 2, expected 0 or 1; pass \{ ignore: 2 \}/);
    expectError(() => lovaszHinge(logits, Uint8Array.of(1, 0, 255, 0)), "label", /labels\[2\] is 255/);
    expectError(() => lovaszHinge(logits, [1, 0, 1, 0.5]), "label", /labels\[3\] is 0.5/);
    expectError(() => lovaszHinge(logits, undefined as never), "label", /labels is undefined/);
    expectError(() => lovaszHinge(Float32Array.of(1, 2, Number.NaN, 4), [1, 0, 1, 0]), "nan", /input\[2\] is NaN/);
    expectError(() => lovaszHinge(logits, [1, 0, 1, 0], { perimage: true } as never), "option", /no option "perimage"/);
    expectError(() => lovaszHinge(logits, [1, 0, 1, 0], { ignore: "255" } as never), "option", /ignore is "255"/);
    expectError(() => lovaszHinge(logits, [1, 0, 1, 0], { reduction: "sum" } as never), "option", /reduction is "sum"/);
    expectError(() => lovaszHinge(logits, [1, 0, 1, 0], { shape: [2, 3] }), "shape", /4 numbers, expected 6 for shape \[2, 3\]/);
    expectError(() => lovaszHinge([1, 2] as never, [1, 0]), "shape", /the input is an array of 2/);
    expect(memory()).toEqual(before);
    expect(run(logits, [1, 1, 1, 1]).value).toBe(0);
  });
});
