// What a call is to the partitions; and which calls are left to the loss in place, for it to refuse them or not.
import { expect, test } from "vitest";
import type { Loss } from "../../../src/device/device.js";
import { readCall } from "../../../src/device/threads/call.js";
import * as lovasz from "../../../src/index.js";
import { KIND } from "../../../src/losses/method.js";

const { lovaszHinge, lovaszSigmoid, lovaszSoftmax, crossEntropy, dice, tversky } = lovasz;

const input = new Float32Array(24).fill(0.5);
const read = (loss: unknown, labels: number, options: object) =>
  readCall(
    loss as Loss,
    input,
    Uint8Array.from({ length: labels }, (_, i) => i % 2),
    options,
  );

test("a call of lovaszSoftmax, whatever the layout", () => {
  const chosen = { bins: 0, fromLogits: true, classWeights: [1, 1, 1], counts: Int32Array.of(4, 4, 0), chosen: [0, 1] };
  const first = { classes: 3, pixels: 4, isChannelsLast: false };
  expect(read(lovaszSoftmax, 8, { shape: [2, 3, 4] })).toMatchObject({
    images: 2,
    isMeanOfImages: false,
    softmax: { ...chosen, ...first },
  });
  const last = { ...first, isChannelsLast: true };
  expect(read(lovaszSoftmax, 8, { shape: [2, 2, 2, 3], layout: "NHWC" })?.softmax).toMatchObject({ ...chosen, ...last });
  expect(read(lovaszSoftmax, 8, { shape: [8, 3] })).toMatchObject({ images: 1, softmax: { ...chosen, ...last, pixels: 8 } });
  const options = { shape: [2, 3, 4], classes: "all", classWeights: [1, 0, 2], method: "histogram", bins: 9, fromLogits: false };
  const settings = { chosen: [0, 1, 2], classWeights: [1, 0, 2], bins: 9, fromLogits: false };
  expect(read(lovaszSoftmax, 8, options)?.softmax).toMatchObject(settings);
  expect(read(lovaszSoftmax, 8, { shape: [2, 3, 4], classes: [2, 0] })?.softmax?.chosen).toEqual([2, 0]);
});

test("no class counts where all pixels are ignored", () => {
  const labels = new Uint8Array(8).fill(9);
  const call = readCall(lovaszSoftmax as Loss, input, labels, { shape: [2, 3, 4], ignore: 9, classes: "all" } as object);
  expect(call?.softmax?.chosen).toEqual([]);
});

test("a call of a binary loss", () => {
  expect(read(lovaszHinge, 24, { shape: [4, 6] })).toMatchObject({
    images: 4,
    isMeanOfImages: true,
    binary: { kind: KIND.hinge, bins: 0 },
  });
  expect(read(lovaszHinge, 24, {})).toMatchObject({ images: 1, isMeanOfImages: false, shape: [24], softmax: null });
  const counted = { shape: [4, 6], method: "histogram", fromLogits: false, pixelWeights: new Array(24).fill(2) };
  expect(read(lovaszSigmoid, 24, counted)).toMatchObject({
    isMeanOfImages: false,
    binary: { kind: KIND.probability, bins: 65_536 },
    weights: new Float32Array(24).fill(2),
    options: { method: "histogram", fromLogits: false },
  });
});

test("a loss per image is a mean of images, whatever the power of tversky", () => {
  const shape = [4, 6];
  expect(read(tversky, 24, { shape, perImage: true })?.isMeanOfImages).toBe(true);
  expect(read(tversky, 24, { shape, perImage: true, gamma: 1 })?.isMeanOfImages).toBe(true);
  expect(read(tversky, 24, { shape, perImage: true, gamma: 2 })?.isMeanOfImages).toBe(true);
});

class Weights {
  tversky = { alpha: 1, beta: 1 };
}

test.each<[string, unknown, number, object]>([
  ["a loss of the user's own", () => 0, 24, {}],
  ["out that is too short", lovaszHinge, 24, { out: new Float32Array(23) }],
  ["a shape of another size", lovaszHinge, 24, { shape: [5, 5] }],
  ["a shape that is none", lovaszHinge, 24, { shape: "flat" }],
  ["no images", crossEntropy, 0, { shape: [0, 3, 8] }],
  ["too few labels", lovaszHinge, 23, {}],
  ["a label of no class", lovaszSoftmax, 12, { shape: [1, 1, 24] }],
  ["no classes", lovaszSoftmax, 24, { shape: [24] }],
  ["perImage that is no flag", dice, 24, { perImage: "yes" }],
  ["an option that lovaszHinge does not know", lovaszHinge, 24, { fromLogits: true }],
  ["an option that lovaszSoftmax does not know", lovaszSoftmax, 8, { shape: [2, 3, 4], mode: "multiclass" }],
  ["bins without a histogram", lovaszSigmoid, 24, { bins: 9 }],
  ["a wrong layout", lovaszHinge, 24, { layout: "HWC" }],
  ["a class that there is not", lovaszSoftmax, 8, { shape: [2, 3, 4], classes: [3] }],
  ["too few weights of classes", lovaszSoftmax, 8, { shape: [2, 3, 4], classWeights: [1] }],
  ["too few weights of pixels", lovaszHinge, 24, { pixelWeights: [1] }],
  ["a weight below 0", lovaszHinge, 24, { pixelWeights: new Array(24).fill(-1) }],
  ["weights of pixels for a loss that has none", dice, 24, { pixelWeights: null }],
  ["a function among the options", dice, 24, { smooth: () => 1 }],
  ["a symbol among the options", lovasz.lovaszExtension, 24, { ignore: Symbol("none") }],
  ["an object of a class among the options", lovasz.lovaszExtension, 24, { setFunction: new Weights() }],
])("%s is left to the loss", (_, loss, labels, options) => {
  expect(read(loss, labels, options)).toBeNull();
});
