import fc from "fast-check";
import { expect, test } from "vitest";
import { type CombineInput, combineFn, type SketchLoss, sketch, toBytes, weigh } from "../../src/sketch/index.js";
import { labelsOf, logitsOf, VOID } from "../helpers/arbitraries.js";
import { expectError } from "../helpers/errors.js";

const BINS = 64;

// elements of [1, classes, 4] or [4]
const elements = (classes: number) =>
  fc.array(
    fc.record({
      values: logitsOf(4 * classes),
      labels: labelsOf(4, Math.max(2, classes)),
      shape: fc.constant(classes === 1 ? [1, 4] : [1, classes, 4]),
    }),
    { minLength: 1, maxLength: 6 },
  );

test.each<[SketchLoss, number]>([
  ["hinge", 1],
  ["sigmoid", 1],
  ["softmax", 3],
])("combineFn(%j) is weigh of all data, however an engine combines them", (loss, classes) => {
  const { createAccumulator, addInput, mergeAccumulators, extractOutput } = combineFn(loss, { ignore: VOID, bins: BINS });
  fc.assert(
    fc.property(
      elements(classes).chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.infiniteStream(fc.nat(2))),
      ),
      ([all, shuffled, draws]) => {
        // each bundle is an accumulator; some get nothing
        const bundles = Array.from({ length: 3 }, createAccumulator);
        for (const one of shuffled as CombineInput[]) {
          const at = draws.next().value as number;
          bundles[at] = addInput(bundles[at], one);
        }
        const merged = mergeAccumulators([mergeAccumulators(bundles.slice(0, 2)), createAccumulator(), ...bundles.slice(2)]);
        const whole = {
          values: Float32Array.from(all.flatMap(({ values }) => [...values])),
          labels: all.flatMap(({ labels }) => [...labels]),
          shape: [all.length, ...all[0].shape.slice(1)],
        };
        const summary = sketch(loss, whole.values, whole.labels, { shape: whole.shape, ignore: VOID, bins: BINS });
        expect(merged).toEqual(toBytes(summary));
        expect(extractOutput(merged)).toEqual(weigh(summary));
      },
    ),
    { numRuns: 40 },
  );
});

test("weighs the classes that the options list", () => {
  const input = { values: Float32Array.of(1, 0, 2, 0, 1, 2), labels: [0, 0], shape: [2, 3] };
  const { createAccumulator, addInput, extractOutput } = combineFn("softmax", { classes: "all" });
  const expected = weigh(sketch("softmax", input.values, input.labels, { shape: [2, 3] }), { classes: "all" });
  expect(extractOutput(addInput(createAccumulator(), input))).toEqual(expected);
});

test("has a loss of 0 where there is no data", () => {
  for (const loss of ["hinge", "softmax"] as const) {
    const { createAccumulator, mergeAccumulators, extractOutput } = combineFn(loss);
    expect(extractOutput(createAccumulator()).value).toBe(0);
    expect(extractOutput(mergeAccumulators([])).value).toBe(0);
  }
});

test("changes no accumulator", () => {
  const { createAccumulator, addInput, mergeAccumulators } = combineFn("hinge");
  const first = addInput(createAccumulator(), { values: Float32Array.of(0.5), labels: [1] });
  const copy = first.slice();
  addInput(first, { values: Float32Array.of(2), labels: [0] });
  mergeAccumulators([first, first]);
  expect(first).toEqual(copy);
});

test("refuses wrong options, elements and accumulators", () => {
  expectError(() => combineFn("dice" as never), "option", /loss is "dice"/);
  expectError(() => combineFn("hinge", { shape: [1] } as never), "option", /no option "shape"; it knows ignore, bins, classes/);
  expectError(() => combineFn("hinge", { bins: 3 }), "option", /bins is 3, expected a power of two/);
  const { createAccumulator, addInput, mergeAccumulators, extractOutput } = combineFn("hinge");
  expectError(() => addInput(createAccumulator(), [Float32Array.of(1), [1]] as never), "option", /expected \{ values, labels, shape \}/);
  expectError(() => addInput(createAccumulator(), { values: Float32Array.of(1), labels: [3] }), "label", /labels\[0\] is 3/);
  for (const wrong of [null, {}, "", Uint8Array.of(1, 2)]) {
    expectError(() => mergeAccumulators([wrong as never]), "data", /fromBytes/);
    expectError(() => extractOutput(wrong as never), "data", /fromBytes/);
  }
});
