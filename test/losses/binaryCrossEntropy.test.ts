import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binaryCrossEntropy, tensor, valueAndGrad } from "../../src/index.js";
import { binaryCase, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
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
    expectError(() => binaryCrossEntropy(logits, Float32Array.of(0, 1.5)), "label", /labels\[1\] is 1.5, expected a share/);
    expectError(() => binaryCrossEntropy(logits, [0]), "shape", /labels has 1 entries, expected 2/);
    expectError(() => binaryCrossEntropy(Float32Array.of(1, Number.NaN), [0, 1]), "nan", /input\[1\] is NaN/);
    expectError(() => binaryCrossEntropy(logits, [0, 1], { mode: "multiclass" } as never), "option", /mode is "multiclass"/);
  });
});
