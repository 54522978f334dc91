import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lovaszHinge, lovaszMultilabel, tensor, valueAndGrad } from "../../src/index.js";
import { logitsOf, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { integers, normals } from "../helpers/random.js";
import { multilabel as oracle } from "../oracle/lovasz.js";

const run = valueAndGrad(lovaszMultilabel);

const LIMIT = { absolute: 1e-6, relative: 1e-6 };

const extent = fc.integer({ min: 1, max: 4 });
const task = fc.tuple(extent, extent, fc.integer({ min: 1, max: 12 })).chain((shape) => {
  const count = shape.reduce((a, b) => a * b);
  const labels = fc.array(fc.constantFrom(0, 1, VOID), { minLength: count, maxLength: count });
  return fc.record({ shape: fc.constant(shape), logits: logitsOf(count), labels });
});

describe("lovaszMultilabel(logits, labels, options)", () => {
  test("is the mean of a hinge for each channel, and so is its gradient", () => {
    fc.assert(
      fc.property(task, fc.boolean(), fc.boolean(), ({ shape, logits, labels }, perImage, weigh) => {
        const pixelWeights = weigh ? labels.map((_, i) => [1, 0.5, 0, 2][i % 4]) : undefined;
        const settings = { shape, perImage, ignore: VOID, pixelWeights };
        const came = run(logits, labels, settings);
        const expected = oracle(logits, labels, settings);
        expectClose([came.value], [expected.value], LIMIT, "loss");
        expectClose(came.grad, expected.grad, LIMIT, "gradient");
      }),
      { numRuns: 300 },
    );
  });

  test("gives a loss for each channel, or image, with { reduction: 'none' }", () => {
    const [logits, labels] = [normals(24, 2), integers(24, 2, 5)];
    for (const perImage of [false, true]) {
      const losses = lovaszMultilabel(logits, labels, { shape: [2, 3, 4], reduction: "none", perImage });
      expect(losses.shape).toEqual([perImage ? 2 : 3]);
      expectClose([losses.data.reduce((a, b) => a + b) / losses.size], [run(logits, labels, { shape: [2, 3, 4], perImage }).value]);
    }
  });

  test("reads [P, C] and { layout: 'NHWC' }", () => {
    const [logits, labels] = [normals(12, 2), integers(12, 2, 5)];
    const columns = [0, 1, 2].map((c) => {
      const pick = <T extends Float32Array | Int32Array>(values: T) => values.filter((_, i) => i % 3 === c) as T;
      return lovaszHinge(pick(logits), pick(labels)).item();
    });
    const expected = columns.reduce((a, b) => a + b) / 3;
    expectClose([run(logits, labels, { shape: [4, 3] }).value], [expected]);
    expectClose([run(logits, labels, { shape: [1, 2, 2, 3], layout: "NHWC" }).value], [expected]);
    expectClose([lovaszMultilabel(tensor(logits, [4, 3]), tensor(labels as never, [4, 3])).item()], [expected]);
  });

  test("refuses what it cannot compute", () => {
    const logits = Float32Array.of(1, 2, 3, 4);
    const call = (labels: number[], options: object) => () => lovaszMultilabel(logits, labels, { shape: [2, 2], ...options });
    expectError(call([0, 1], {}), "shape", /labels has 2 entries, expected 4/);
    expectError(call([0, 1, 2, 0], {}), "label", /is 2, expected 0 or 1/);
    expectError(call([0, 1, 1, 0], { pixelWeights: [1, 1, 1, 1, 1] }), "option", /pixelWeights is an array of 5, expected 4/);
    expectError(call([0, 1, 1, 0], { shape: [4] }), "shape", /expected \[B, C, ...\] or \[P, C\]/);
  });
});
