import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lovaszHinge, lovaszMultilabel, tensor, valueAndGrad } from "../../src/index.js";
import { logitsOf, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { integers, normals, uniforms } from "../helpers/random.js";
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

  test("is the same to the bit as lovaszHinge of the rows, in every layout, weighted or not", () => {
    const [images, classes, pixels] = [3, 5, 67];
    const n = images * classes * pixels;
    const [logits, labels, weights] = [normals(n, 2), integers(n, 2, 5), uniforms(n, 0, 2, 6)];
    const layouts = {
      NCHW: (i: number, c: number, p: number) => (i * classes + c) * pixels + p,
      NHWC: (i: number, c: number, p: number) => (i * pixels + p) * classes + c,
    };
    for (const layout of ["NCHW", "NHWC"] as const) {
      for (const perImage of [false, true]) {
        for (const pixelWeights of [undefined, weights]) {
          for (const method of ["sort", "histogram"] as const) {
            const places: number[] = [];
            for (let group = 0; group < (perImage ? images : 1); group++) {
              for (let c = 0; c < classes; c++) {
                for (let i = group; i < (perImage ? group + 1 : images); i++) {
                  for (let p = 0; p < pixels; p++) places.push(layouts[layout](i, c, p));
                }
              }
            }
            const rowShape = perImage ? [images * classes, pixels] : [classes, images * pixels];
            const inRows = <T extends Float32Array | Int32Array>(values: T) => values.map((_, i) => values[places[i]]) as T;
            const rows = { shape: rowShape, pixelWeights: pixelWeights && inRows(pixelWeights), method };
            const expected = valueAndGrad(lovaszHinge)(inRows(logits), inRows(labels), rows);
            const shape = layout === "NCHW" ? [images, classes, pixels] : [images, pixels, classes];
            for (const own of [labels, Uint8Array.from(labels), [...labels]]) {
              const came = run(logits, own, { shape, layout, perImage, pixelWeights, method });
              expect(came.value).toBe(expected.value);
              expect(inRows(came.grad)).toEqual(expected.grad);
            }
            const x = tensor(logits, shape, { requiresGrad: true });
            const losses = lovaszMultilabel(x, labels, { layout, perImage, pixelWeights, method, reduction: "none" });
            const mean = losses.mean();
            mean.backward();
            expectClose([mean.item()], [expected.value], LIMIT);
            expectClose(inRows(x.grad?.data.slice() ?? logits), expected.grad, LIMIT, "gradient of several");
          }
        }
      }
    }
  });

  test("names what is wrong by its place in the arrays of the user", () => {
    for (const [shape, layout] of [
      [[2, 3, 4], "NCHW"],
      [[2, 4, 3], "NHWC"],
      [[8, 3], "NCHW"],
    ] as const) {
      const call = (logits: Float32Array, labels: Int32Array, pixelWeights?: Float32Array) => () =>
        lovaszMultilabel(logits, labels, { shape, layout, pixelWeights });
      const right = [new Float32Array(24), new Int32Array(24), new Float32Array(24)] as const;
      expectError(call(right[0], right[1].with(13, 2)), "label", /lovaszMultilabel: labels\[13\] is 2, expected 0 or 1/);
      expectError(call(right[0].with(13, Number.NaN), right[1]), "nan", /lovaszMultilabel: input\[13\] is NaN/);
      expectError(call(right[0], right[1], right[2].with(13, -1)), "option", /lovaszMultilabel: pixelWeights\[13\] is -1/);
    }
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
