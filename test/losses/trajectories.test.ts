// Training from the same start as a run in PyTorch: the same losses step by step, the same model at the end.
import { test } from "vitest";
import * as lovasz from "../../src/index.js";
import { binaryCrossEntropy, crossEntropy, lovaszHinge, lovaszSigmoid, lovaszSoftmax } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { describeGolden, goldenFile } from "../helpers/golden.js";

const VOID = 255;
const STEPS = 300;

interface Run {
  loss: number[];
  imageIoU: number;
  batchIoU: number;
  iou: number[];
  bias: number[];
}

/** The numbers of an npy file of version 1: float32, or uint8 where the header says so. */
function npy(name: string): Float32Array | Uint8Array {
  const file = goldenFile(name);
  const start = 10 + file.readUInt16LE(8);
  const bytes = Uint8Array.from(file.subarray(start));
  return file.subarray(0, start).includes("|u1") ? bytes : new Float32Array(bytes.buffer);
}

/** Trains `parameters` by Adam on `loss` and returns the losses before each step. */
function train(parameters: lovasz.Tensor[], lr: number, loss: () => lovasz.Tensor): number[] {
  const adam = new lovasz.optim.Adam(parameters, { lr });
  return Array.from({ length: STEPS }, () => {
    adam.zeroGrad();
    const value = lovasz.tidy(() => {
      const made = loss();
      made.backward();
      return made.item();
    });
    adam.step();
    return value;
  });
}

const trajectories = () => JSON.parse(goldenFile("trajectories.json").toString());
const nearCurve = (came: number[], expected: number[]) =>
  expectClose(came.slice(0, 100), expected.slice(0, 100), { absolute: 0, relative: 2e-3 }, "loss");

describeGolden("the binary demonstration, x + bias, agrees with PyTorch", () => {
  test.each(Object.entries({ lovaszHinge, lovaszSigmoid, binaryCrossEntropy }))("%s", (name, loss) => {
    const { binary } = trajectories();
    const expected: Run = binary[name];
    const shape = [10, 200, 200];
    const labels = npy("binary_labels.npy") as Uint8Array;
    const features = lovasz.tensor(npy("binary_feats.npy") as Float32Array, shape);
    const bias = lovasz.tensor(binary.bias0, undefined, { requiresGrad: true });
    nearCurve(
      train([bias], binary.adam.lr, () => loss(features.add(bias), labels, { ignore: VOID })),
      expected.loss,
    );
    const predictions = Uint8Array.from(features.add(bias).data, (logit) => Number(logit > 0));
    const perImage = 100 * lovasz.iouBinary(predictions, labels, { shape, ignore: VOID, perImage: true });
    const together = 100 * lovasz.iouBinary(predictions, labels, { ignore: VOID });
    expectClose([perImage, together], [expected.imageIoU, expected.batchIoU], { absolute: 0.3, relative: 0 }, "IoU");
  });
});

describeGolden("the multiclass demonstration, x + conv3x3(x), agrees with PyTorch", () => {
  test.each(Object.entries({ lovaszSoftmax, crossEntropy }))("%s", (name, loss) => {
    const { multiclass } = trajectories();
    const expected: Run = multiclass[name];
    const labels = npy("multiclass_labels.npy") as Uint8Array;
    const features = lovasz.tensor(npy("multiclass_feats.npy") as Float32Array, [5, 3, 200, 200]);
    const weight = lovasz.tensor(npy("multiclass_w0.npy") as Float32Array, [3, 3, 3, 3], { requiresGrad: true });
    const bias = lovasz.tensor(npy("multiclass_b0.npy") as Float32Array, [3], { requiresGrad: true });
    const outputs = () => features.add(features.conv2d(weight, bias, { padding: 1 }));
    nearCurve(
      train([weight, bias], multiclass.adam.lr, () => loss(outputs(), labels, { ignore: VOID })),
      expected.loss,
    );
    const { data } = outputs();
    const n = 200 * 200;
    const predictions = Uint8Array.from(labels, (_, i) => {
      const scores = [0, 1, 2].map((c) => data[(Math.floor(i / n) * 3 + c) * n + (i % n)]);
      return scores.indexOf(Math.max(...scores));
    });
    const came = lovasz.iou(predictions, labels, 3, { ignore: VOID }).map((one) => 100 * one);
    expectClose(came, expected.iou, { absolute: 0.3, relative: 0 }, "IoU");
  });
});
