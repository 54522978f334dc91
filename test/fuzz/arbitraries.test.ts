import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { checkLaw } from "../../src/fuzz/checkLoss.js";
import { arbitraries, type Kind, type LossUnderTest } from "../../src/fuzz/index.js";
import { termsOf } from "../../src/fuzz/reference/terms.js";
import { showCase } from "../../src/fuzz/showCase.js";

const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns = 1000) => fc.sample(arbitrary, { numRuns, seed: 1 });

describe.each<Kind>(["hinge", "softmax", "softmax-logits", "sigmoid", "dice", "jaccard", "tversky"])("arbitraries.lossCase(%j)", (kind) => {
  const cases = sample(arbitraries.lossCase(kind));
  const isSoftmax = kind.startsWith("softmax");

  test("holds together: as many values as the shape says, labels that are classes or void, salt and options that are not undefined", () => {
    for (const { values, labels, options, salt } of cases) {
      const { shape } = options;
      expect(shape).toHaveLength(isSoftmax ? 4 : 3);
      expect(values.length).toBe(shape.reduce((a, b) => a * b));
      const classes = isSoftmax ? shape[1] : 2;
      expect(labels.length).toBe(isSoftmax ? values.length / classes : values.length);
      expect(labels.every((label) => label === options.ignore || (label >= 0 && label < classes))).toBe(true);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(salt).toBeGreaterThanOrEqual(0);
      expect(Object.values(options)).not.toContain(undefined);
    }
  });

  test("has edges in every hundred cases: ties, near-ties, kinks, one pixel, many, rare and absent classes, void images", () => {
    const share = (is: (one: (typeof cases)[number]) => boolean) => cases.filter(is).length / cases.length;
    const gaps = (one: (typeof cases)[number]) =>
      termsOf(one).flatMap(({ errors }) =>
        [...errors].sort((a, b) => a - b).flatMap((error, k, all) => (k > 0 ? [error - all[k - 1]] : [])),
      );
    const small = cases.filter(({ labels }) => labels.length < 60);
    expect(small.filter((one) => gaps(one).some((gap) => gap < 1e-12)).length / cases.length).toBeGreaterThan(0.15);
    expect(small.filter((one) => gaps(one).some((gap) => gap > 1e-12 && gap < 3e-7)).length / cases.length).toBeGreaterThan(0.01);
    expect(share(({ labels }) => labels.length === 1)).toBeGreaterThan(0.01);
    expect(share(({ labels }) => labels.length > 256)).toBeGreaterThan(0.1);
    expect(share(({ labels }) => labels.length > 1024)).toBeGreaterThan(0.02);
    expect(
      share((one) => termsOf(one).some(({ foreground }) => foreground.length > 1 && foreground.reduce((a, b) => a + b, 0) === 1)),
    ).toBeGreaterThan(0.05);
    expect(share((one) => one.labels.every((label) => label === one.options.ignore))).toBeGreaterThan(0.01);
    expect(share((one) => termsOf(one).some(({ at }) => at.length === 0) || termsOf(one).length === 0)).toBeGreaterThan(0.01);
    expect(share(({ options }) => options.perImage === true && options.shape[0] > 1)).toBeGreaterThan(0.1);
    if (kind === "hinge" || kind === "softmax")
      expect(share((one) => termsOf(one).some(({ least }) => least.some((t) => t < 1)))).toBeGreaterThan(0.1);
  });

  test("has void pixels of any number: classes, 0, negative ones, 255", () => {
    const hasVoid = ({ labels, options }: (typeof cases)[number]) => labels.some((label) => label === options.ignore);
    const ignored = new Set(cases.filter(hasVoid).map(({ options }) => options.ignore));
    for (const ignore of [0, 1, 2, -1, -100, 255]) expect(ignored).toContain(ignore);
  });

  test("has, in each 200 runs of a law, every size at a power of 2 and beside: of images, of a batch, of values; without void pixels", async () => {
    const edges = Array.from({ length: 10 }, (_, k) => [2 ** (k + 2) - 1, 2 ** (k + 2), 2 ** (k + 2) + 1]).flat();
    const seen = { image: new Set(), batch: new Set(), values: new Set() };
    const law = vi.fn<LossUnderTest>((values) => ({ value: 0, grad: values.map(() => 0) }));
    await checkLaw(law, "answersNumbers", kind, { runs: 200, seed: 77 });
    for (const [values, labels, { shape, ignore }] of law.mock.calls) {
      if (labels.includes(ignore as number)) continue;
      seen.image.add(labels.length / shape[0]);
      seen.batch.add(labels.length);
      seen.values.add(values.length);
    }
    const missing = (sizes: Set<unknown>) => edges.filter((edge) => !sizes.has(edge));
    expect(missing(seen.image)).toEqual([]);
    expect(missing(seen.batch)).toEqual([]);
    // these are no multiples of 2 to 7
    expect(missing(seen.values)).toEqual(isSoftmax ? [17, 31, 127, 257, 2047] : []);
  });

  test("shrinks to cases that hold together, and in the end to one pixel", () => {
    const property = fc.property(arbitraries.lossCase(kind), ({ values, labels, options }) => {
      expect(values.length).toBe(options.shape.reduce((a, b) => a * b));
      return labels.length === 0;
    });
    const [least] = fc.check(property, { seed: 3 }).counterexample!;
    expect(least.labels).toHaveLength(1);
    expect(least).toMatchObject({ salt: 0, options: { shape: isSoftmax ? [1, 2, 1, 1] : [1, 1, 1] } });
  });
});

describe("arbitraries", () => {
  test("probabilities(images, classes, pixels) sum to 1 over classes", () => {
    for (const values of sample(arbitraries.probabilities(2, 3, 5), 500)) {
      for (let i = 0; i < 10; i++) {
        const at = Math.floor(i / 5) * 15 + (i % 5);
        expect(Math.abs(values[at] + values[at + 5] + values[at + 10] - 1)).toBeLessThan(4e-7);
        expect(Math.min(values[at], values[at + 5], values[at + 10])).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test("logits(count) are huge, tiny, equal and -0 at times", () => {
    const all = sample(arbitraries.logits(20));
    expect(all.some((values) => values.some((value) => Math.abs(value) > 1e29))).toBe(true);
    expect(all.some((values) => values.some((value) => value !== 0 && Math.abs(value) < 1e-40))).toBe(true);
    expect(all.some((values) => values.some((value) => Object.is(value, -0)))).toBe(true);
    expect(all.some((values) => new Set(values).size === 1)).toBe(true);
  });

  test("labels(images, pixels, classes, ignore) and shape(classes) work in properties of one's own, and shrink", () => {
    const labels = fc.check(
      fc.property(arbitraries.labels(1, 4, 5, 9), (list) => !list.includes(4)),
      { seed: 1 },
    );
    expect([...labels.counterexample![0]].sort()).toEqual([0, 0, 0, 4]);
    const shape = fc.check(
      fc.property(arbitraries.shape(3), (axes) => axes[1] === 3 && axes[2] < 5),
      { seed: 1 },
    );
    expect(shape.counterexample).toEqual([[1, 3, 5, 1]]);
  });
});

test("showCase(law, example) is code with the shortest numbers that float32 tells apart", () => {
  const code = showCase("isConvex", {
    kind: "softmax",
    values: Float32Array.of(0.1, 1 / 3, -0, 1e30),
    labels: Int32Array.of(-1),
    options: { shape: [1, 4, 1, 1], ignore: -1, classes: [0, 2] },
    salt: 5,
  });
  expect(code).toBe(`import { laws } from "lovasz/fuzz";

await laws.isConvex(loss, {
  kind: "softmax",
  values: Float32Array.of(0.1, 0.33333334, -0, 1e+30),
  labels: Int32Array.of(-1),
  options: { shape: [1, 4, 1, 1], ignore: -1, classes: [0, 2] },
  salt: 5,
});`);
});
