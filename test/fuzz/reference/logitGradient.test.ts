import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LossCase } from "../../../src/fuzz/index.js";
import { logitGradientFault } from "../../../src/fuzz/reference/logitGradient.js";
import { softmaxOf } from "../../../src/fuzz/reference/softmax.js";
import { termsOf } from "../../../src/fuzz/reference/terms.js";
import { ofLogits } from "../ofLogits.js";
import { plain } from "../plain.js";

const caseOf = (C: number, logits: readonly number[], labels: readonly number[]): LossCase => ({
  kind: "softmax-logits",
  values: Float32Array.from(logits),
  labels: Int32Array.from(labels),
  options: { shape: [1, C, 1, labels.length] },
  salt: 0,
});

// a few logits only, so that many errors tie
const cases = fc.integer({ min: 2, max: 3 }).chain((C) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: C - 1 }), fc.array(fc.constantFrom(0, 1), { minLength: C, maxLength: C })), {
      minLength: 1,
      maxLength: 4,
    })
    .map((pixels) =>
      caseOf(
        C,
        Array.from({ length: C }, (_, c) => pixels.map(([, logits]) => logits[c])).flat(),
        pixels.map(([label]) => label),
      ),
    ),
);

/** The gradient with ties in an order of their own in each class: that of the greatest `lots`. */
async function ofOrder({ values, labels, options }: LossCase, lots: readonly number[]): Promise<number[]> {
  let turn = 0;
  const loss = ofLogits(
    plain("softmax", () => ({
      order: (errors) => {
        const first = turn++ * errors.length;
        const lot = (k: number) => lots[(first + k) % lots.length];
        return [...errors.keys()].sort((i, j) => (Math.abs(errors[i] - errors[j]) < 1e-6 ? lot(j) - lot(i) : errors[j] - errors[i]));
      },
    })),
  );
  return [...((await loss(values, labels, options)).grad as Float32Array)];
}

const lots = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 });
const fault = (example: LossCase, gradient: readonly number[]) => logitGradientFault(example, termsOf(example), gradient);

describe("logitGradientFault(example, terms, gradient)", () => {
  test("accepts the gradient of any order of tied errors, and every mean of such", async () => {
    await fc.assert(
      fc.asyncProperty(cases, lots, lots, fc.constantFrom(0, 0.25, 0.5, 1), async (example, one, other, t) => {
        const [a, b] = [await ofOrder(example, one), await ofOrder(example, other)];
        expect(
          fault(
            example,
            a.map((x, i) => (1 - t) * x + t * b[i]),
          ),
        ).toBeNull();
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  test("refuses what lies beyond all of them in any direction, by a thousandth", async () => {
    const direction = fc.array(fc.constantFrom(-1, -0.5, 0, 0.3, 1), { minLength: 12, maxLength: 12 });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(cases, direction, async (example, along) => {
        const { probabilities: p } = softmaxOf(example);
        const N = example.labels.length;
        const C = p.length / N;
        // along the Jacobian times the direction, as no gradient has another part
        const means = Array.from({ length: N }, (_, i) =>
          Array.from({ length: C }, (_, c) => p[c * N + i] * along[c * N + i]).reduce((x, y) => x + y, 0),
        );
        const change = Array.from(p, (one, at) => one * (along[at] - means[at % N]));
        const size = Math.hypot(...change);
        if (size < 1e-9) return;
        const errorChange = (at: number) => (example.labels[at % N] === Math.floor(at / N) ? -1 : 1) * change[at];
        const present = Array.from({ length: C }, (_, c) => c).filter((c) => example.labels.includes(c));
        const greatest = await ofOrder(
          example,
          present.flatMap((c) => Array.from({ length: N }, (_, k) => errorChange(c * N + k))).concat(0, 0, 0, 0, 0, 0, 0, 0, 0),
        );
        const u = along.slice(0, p.length);
        const length = Math.hypot(...u);
        refused++;
        expect(
          fault(
            example,
            greatest.map((x, at) => x + (1e-3 * u[at]) / length),
          ),
        ).not.toBeNull();
      }),
      { numRuns: 1000, seed: 2 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  test("says what is wrong with one number, and with several where errors tie", () => {
    expect(fault(caseOf(2, [0, 0], [1]), [0.5, -0.5])).toBe("grad[0] is 0.5, expected 0.25");
    const tied = caseOf(2, [0, 0, 0, 0], [0, 1]);
    // the weights of both pixels sum to 1 in each class
    expect(fault(tied, [-0.0625, 0.1875, 0.0625, -0.1875])).toBeNull();
    expect(fault(tied, [-0.1875, 0.1875, 0.1875, -0.1875])).toMatch(/grad\[0\].* is 0\.7\d+, expected at most 0\.\d+ where errors tie$/);
    expect(fault(tied, [0, 0, 0, 0])).toBe("grad[0] is 0, expected a number between -0.1875 and -0.0625");
  });
});

test("softmaxOf(example) sums to 1 over classes and stays finite", () => {
  const { probabilities, rounding } = softmaxOf(caseOf(2, [1e30, 0, 1e30, -200], [0, 1]));
  expect([...probabilities]).toEqual([0.5, 1, 0.5, expect.closeTo(0, 30)]);
  // the logarithm of the sum is lost beside 1e30, that of a saturated pixel is 0
  expect(rounding[0]).toBeCloseTo(1, 4);
  expect(rounding[1]).toBeCloseTo(2 ** -17, 10);
});
