// Images shared out among workers: the value and the gradient are those of one call in place, to the bit.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Loss } from "../../../../src/device/device.js";
import * as lovasz from "../../../../src/index.js";
import { integers, normals } from "../../../helpers/random.js";
import { WORKER } from "../../../helpers/worker.js";

let device: lovasz.Device;
beforeAll(async () => {
  device = await lovasz.openDevice("threads", { worker: WORKER, workers: 3, least: 0 });
});
afterAll(() => device.close());

const probabilities = (values: Float32Array) => values.map((one) => 1 / (1 + Math.exp(-one)));
const LOSSES: [string, Loss<never>, object, ((values: Float32Array) => Float32Array)?][] = [
  ["the hinge", lovasz.lovaszHinge, {}],
  ["the hinge by histogram", lovasz.lovaszHinge, { method: "histogram", bins: 100 }],
  ["the sigmoid", lovasz.lovaszSigmoid, { perImage: true }],
  ["the sigmoid of probabilities", lovasz.lovaszSigmoid, { perImage: true, fromLogits: false }, probabilities],
  ["the extension", lovasz.lovaszExtension, { perImage: true, setFunction: "dice" }, (values) => values.map(Math.abs)],
  ["binary cross-entropy", lovasz.binaryCrossEntropy, { perImage: true }],
  ["focal", lovasz.focal, { perImage: true }],
  ["dice", lovasz.dice, { perImage: true }],
  ["jaccard", lovasz.jaccard, { perImage: true, logLoss: true }],
  ["tversky", lovasz.tversky, { perImage: true, alpha: 0.3 }],
  ["tversky to a power", lovasz.tversky, { perImage: true, gamma: 1.5 }],
  ["the softmax", lovasz.lovaszSoftmax, { perImage: true }],
  ["the softmax of all classes", lovasz.lovaszSoftmax, { perImage: true, classes: "all", classWeights: [1, 0.3, 2] }],
  ["cross-entropy", lovasz.crossEntropy, { perImage: true }],
  ["dice of several classes", lovasz.dice, { perImage: true, mode: "multiclass" }],
];

test.each(LOSSES)("%s is the same to the bit as in place", async (what, loss, options, prepare = (values) => values) => {
  const hasClasses = /softmax|cross-entropy$|classes/.test(what) && what !== "binary cross-entropy";
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 1, max: 400 }), fc.nat(1e6), async (images, n, seed) => {
      const shape = hasClasses ? [images, 3, n] : [images, n];
      const values = prepare(normals(images * n * (hasClasses ? 3 : 1), seed).map((one) => 3 * one));
      const labels = integers(images * n, hasClasses ? 3 : 2, seed + 1);
      const all = { ...options, shape, ignore: 255 };
      const expected = lovasz.valueAndGrad<lovasz.Labels>(loss as never)(values, labels, all);
      const came = await device.valueAndGrad(loss as never, values, labels, all);
      expect([came.value, ...came.grad]).toEqual([expected.value, ...expected.grad]);
    }),
    { numRuns: 40 },
  );
});
