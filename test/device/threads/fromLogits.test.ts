// Probabilities instead of logits, and weights, reach the workers: the same as in place.
import { afterAll, expect, test } from "vitest";
import {
  binaryCrossEntropy,
  crossEntropy,
  dice,
  focal,
  lovaszSigmoid,
  lovaszSoftmax,
  openDevice,
  valueAndGrad,
} from "../../../src/index.js";
import { expectClose } from "../../helpers/closeTo.js";
import { WORKER } from "../../helpers/worker.js";

const device = await openDevice("threads", { worker: WORKER, workers: 2, least: 0 });
afterAll(() => device.close());

const values = Float32Array.from({ length: 48 }, (_, i) => ((i * 7) % 16) / 16);
const binary = Uint8Array.from(values, (_, i) => Number(i % 3 === 1));
const numbers = Uint8Array.from({ length: 16 }, (_, i) => i % 3);

test.each([
  ["binaryCrossEntropy", binaryCrossEntropy, binary, [4, 12], {}],
  ["binaryCrossEntropy with weights", binaryCrossEntropy, binary, [4, 12], { posWeight: 3, pixelWeights: values.map((x) => 2 - x) }],
  ["binaryCrossEntropy of classes", binaryCrossEntropy, binary, [4, 3, 4], { mode: "multilabel", posWeight: [1, 2, 3] }],
  ["crossEntropy", crossEntropy, numbers, [4, 3, 4], {}],
  ["crossEntropy, smoothed", crossEntropy, numbers, [4, 3, 4], { labelSmoothing: 0.2, classWeights: [1, 2, 3] }],
  ["focal", focal, binary, [4, 12], { gamma: 1.5 }],
  ["focal of classes", focal, numbers, [4, 3, 4], { mode: "multiclass" }],
  ["dice", dice, binary, [4, 12], {}],
  ["lovaszSigmoid", lovaszSigmoid, binary, [4, 12], {}],
  ["lovaszSoftmax", lovaszSoftmax, numbers, [4, 3, 4], {}],
] as const)("%s of probabilities", async (_, loss, labels, shape, more) => {
  for (const perImage of [false, true]) {
    for (const fromLogits of [false, true]) {
      const options = { ...more, shape: [...shape], perImage, fromLogits };
      const call = valueAndGrad(loss as typeof dice);
      const out = new Float32Array(48);
      const came = await device.valueAndGrad(loss as typeof dice, values, labels, { ...options, out });
      const own = call(values, labels, options);
      expectClose([came.value], [own.value]);
      // workers take the mean over images in another order than the loss
      expectClose(came.grad, own.grad, { absolute: 0, relative: 1e-6 });
      expect(came.grad).toBe(out);
      if (fromLogits) continue;
      expect(own.grad).not.toEqual(call(values, labels, { ...options, fromLogits: true }).grad);
    }
  }
  const wrong = values.with(5, 1.5);
  await expect(device.valueAndGrad(loss as typeof dice, wrong, labels, { ...more, shape: [...shape], fromLogits: false })).rejects.toThrow(
    /input\[5\] is 1\.5, expected a probability/,
  );
});
