import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crossEntropy, valueAndGrad } from "../../src/index.js";
import { multiclassCase, VOID } from "../helpers/arbitraries.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";
import * as oracle from "../oracle/pixelwise.js";

const run = valueAndGrad(crossEntropy);

describe("crossEntropy(logits, labels, options)", () => {
  test("is the weighted mean of -ln p of the label over what is not void, and its gradient p minus label", () => {
    fc.assert(
      fc.property(multiclassCase, fc.boolean(), ({ shape, logits, labels }, weigh) => {
        const classWeights = weigh ? [0.5, 2, 0, 1, 3].slice(0, shape[1]) : undefined;
        const came = run(logits, labels, { shape, ignore: VOID, classWeights });
        const planes = { images: shape[0], classes: shape[1], pixels: shape[2] };
        const expected = oracle.crossEntropy(logits, oracle.oneHot(labels, planes, VOID), planes, classWeights);
        expectClose([came.value], [expected.value], { absolute: 1e-7, relative: 2e-6 }, "loss");
        expectClose(came.grad, expected.grad, { absolute: 1e-6, relative: 2e-6 }, "gradient");
      }),
    );
  });

  test("takes soft labels, with the gradient of finite differences", () => {
    const soft = Float32Array.of(0.2, 0.5, 0.7, 0.3, 0.1, 0.2);
    gradCheck((x) => crossEntropy(x, soft, { classWeights: [1, 2, 0.5] }), [{ shape: [1, 3, 2], values: normals(6, 2) }]);
    const oneHot = Float32Array.of(1, 0, 0, 1, 0, 0);
    const settings = { shape: [1, 3, 2] };
    expectClose([run(normals(6), oneHot, settings).value], [run(normals(6), [0, 1], settings).value]);
  });

  test("leaves void pixels out, NaN even, and is 0 where all are", () => {
    const settings = { shape: [2, 2], ignore: 255 };
    expect(run([Number.NaN, Infinity, 1, 2], [255, 1], settings)).toEqual(run([0, 0, 1, 2], [255, 1], settings));
    expect(run(new Float32Array(4).fill(Number.NaN), [255, 255], settings)).toEqual({ value: 0, grad: new Float32Array(4) });
  });

  test("refuses what it cannot compute", () => {
    const logits = Float32Array.of(1, 2, 3, Infinity);
    expectError(() => crossEntropy(logits, [0, 1], { shape: [2, 2] }), "nan", /input\[3\] is Infinity/);
    const finite = logits.with(3, 4);
    expectError(() => crossEntropy(finite, [0, 2], { shape: [2, 2] }), "label", /labels\[1\] is 2/);
    expectError(() => crossEntropy(finite, [0, 1], { shape: [2, 2], classWeights: [1, -1] }), "option", /classWeights is \[1, -1\]/);
    expectError(() => crossEntropy(finite, [0, 1], { mode: "binary" } as never), "option", /mode is "binary"/);
  });
});
