// Calls whose labels are wrong, and what each is to be told: `ignore` is offered only where it can be meant.
import type { Loss } from "../../src/device/device.js";
import * as lovasz from "../../src/index.js";

const { lovaszHinge, lovaszSigmoid, lovaszSoftmax, lovaszExtension, binaryCrossEntropy, crossEntropy, dice, focal, jaccard } = lovasz;

type Labels = readonly number[] | Float32Array;

/** The loss, its options, its labels, and the message after the name of the loss. The shape is that of the labels, if not given. */
export type LabelCase = readonly [
  what: string,
  loss: Loss,
  options: { shape?: number[]; [name: string]: unknown },
  labels: Labels,
  message: string,
];

/** The input of such a call. */
export const inputOf = ([, , { shape }, labels]: LabelCase) =>
  new Float32Array(shape ? shape.reduce((a, b) => a * b) : labels.length).fill(0.5);

const one = { shape: [1, 1, 3] };
const two = { shape: [1, 2, 3] };
const three = { shape: [1, 3, 4] };
const multiclass = { mode: "multiclass" };
const ofThree = "but the input has 3 classes (0..2)";
const fraction = "expected a fraction from 0 to 1, as in one-hot and soft labels";
const softmaxFor = "class numbers want lovaszSoftmax";
const fromOne = "labels seem to count from 1, but classes count from 0: subtract 1";
const pass = (label: number) => `pass { ignore: ${label} } if it marks void pixels`;
const signs = "labels are -1 and 1: map -1 to 0";

const BINARY: readonly LabelCase[] = [
  ["-1 and 1", lovaszHinge, {}, [1, -1, 1], `labels[1] is -1, expected 0 or 1; ${signs}`],
  ["-1 and 1, and void", lovaszHinge, {}, [255, 1, -1], `labels[0] is 255, expected 0 or 1; ${signs}`],
  ["-1 and 1, void already", lovaszHinge, { ignore: 255 }, [255, 1, -1], `labels[2] is -1, expected 0 or 1; ${signs}`],
  ["-1 beside 0 and 1", lovaszHinge, {}, [0, 1, -1], `labels[2] is -1, expected 0 or 1; ${pass(-1)}`],
  ["-1 and 0", lovaszSigmoid, {}, [0, -1], "labels[1] is -1, expected 0 or 1; no label is 1: map -1 to 1 if it is the foreground"],
  [
    "0 and 255",
    lovaszHinge,
    {},
    [0, 255, 255],
    "labels[1] is 255, expected 0 or 1; no label is 1: divide by 255 if that is the foreground",
  ],
  ["1 and 255", lovaszHinge, {}, [255, 1], "labels[0] is 255, expected 0 or 1; no label is 0: map 255 to 0 if it is the background"],
  ["255 beside 0 and 1", lovaszHinge, {}, [0, 255, 1], `labels[1] is 255, expected 0 or 1; ${pass(255)}`],
  [
    "255 beside 0 and 1, of several images",
    lovaszHinge,
    { shape: [3, 2] },
    [0, 0, 1, 1, 0, 255],
    `labels[5] is 255, expected 0 or 1; ${pass(255)}`,
  ],
  ["255 beside 0 and 1, counted", lovaszHinge, { method: "histogram" }, [0, 255, 1], `labels[1] is 255, expected 0 or 1; ${pass(255)}`],
  [
    "0 and 255, counted",
    lovaszSigmoid,
    { method: "histogram" },
    [255, 0],
    "labels[0] is 255, expected 0 or 1; no label is 1: divide by 255 if that is the foreground",
  ],
  ["255 where another number is ignored", lovaszHinge, { ignore: 254 }, [0, 255, 1], `labels[1] is 255, expected 0 or 1; ${pass(255)}`],
  [
    "a second number for void",
    lovaszHinge,
    { ignore: 255 },
    [0, 255, 1, -1],
    "labels[3] is -1, expected 0 or 1; map it to 255, which is void already, if it marks void pixels, too",
  ],
  ["1 and 2", lovaszHinge, {}, [1, 2, 2, 1], `labels[1] is 2, expected 0 or 1; ${fromOne}`],
  ["1 to 3", lovaszHinge, {}, [1, 3, 2, 1], `labels[1] is 3, expected 0 or 1; ${fromOne}`],
  ["0 to 2", lovaszHinge, {}, [0, 1, 2], `labels[2] is 2, expected 0 or 1; ${pass(2)}; ${softmaxFor}`],
  ["0 and 2", lovaszHinge, {}, [0, 2], `labels[1] is 2, expected 0 or 1; no label is 1: map 2 to 1 if it is the foreground; ${softmaxFor}`],
  [
    "0 to 3",
    lovaszSigmoid,
    {},
    [0, 1, 2, 3],
    `labels[2] is 2, expected 0 or 1; 3 occurs, too: ${softmaxFor}, grey levels a threshold, void pixels a single number`,
  ],
  ["7 only", lovaszHinge, {}, [7, 7], `labels[0] is 7, expected 0 or 1; no label is 0 or 1; ${softmaxFor}`],
  [
    "0 to 2, of errors",
    lovaszExtension,
    {},
    [0, 1, 2],
    `labels[2] is 2, expected 0 or 1; ${pass(2)}; class numbers want a call for each class`,
  ],
  ["a fraction", lovaszHinge, {}, [0, 1, 0.5], "labels[2] is 0.5, expected the whole number of a class"],
];

const TARGETS: readonly LabelCase[] = [
  ["0 to 2, one by one", binaryCrossEntropy, {}, [0, 1, 2], `labels[2] is 2, expected 0 or 1; ${pass(2)}; class numbers want crossEntropy`],
  ["0 to 2, of a region", dice, {}, [0, 1, 2], `labels[2] is 2, expected 0 or 1; ${pass(2)}; class numbers want { mode: "multiclass" }`],
  ["-1 and 1, of a region", jaccard, {}, [1, -1], `labels[1] is -1, expected 0 or 1; ${signs}`],
  [
    "0 and 255, of channels",
    focal,
    { shape: [1, 3, 1], mode: "multilabel" },
    [0, 255, 0],
    "labels[1] is 255, expected 0 or 1; no label is 1: divide by 255 if that is the foreground",
  ],
  ["-1 and 1, soft", binaryCrossEntropy, {}, Float32Array.of(1, -1), `labels[1] is -1, ${fraction}; ${signs}`],
  [
    "0 and 255, soft",
    dice,
    {},
    Float32Array.of(0, 255),
    `labels[1] is 255, ${fraction}; no label is 1: divide by 255 if that is the foreground`,
  ],
  ["255 beside fractions", dice, {}, Float32Array.of(0, 255, 0.5), `labels[1] is 255, ${fraction}; ${pass(255)}`],
  ["a fraction above 1", dice, {}, Float32Array.of(0, 1, 1.5), `labels[2] is 1.5, ${fraction}`],
  ["255 beside one-hot", dice, { ...two, ...multiclass }, [0, 1, 255, 1, 0, 255], `labels[2] is 255, ${fraction}; ${pass(255)}`],
  ["2 beside one-hot of three", dice, { shape: [1, 3, 1], ...multiclass }, [0, 1, 2], `labels[2] is 2, ${fraction}`],
];

const CLASSES: readonly LabelCase[] = [
  [
    "1 for one channel",
    lovaszSoftmax,
    one,
    [0, 1, 0],
    "labels[1] is 1, but the input has one class (0); labels of 0 and 1 want lovaszSigmoid or lovaszHinge",
  ],
  [
    "255 for one channel",
    lovaszSoftmax,
    one,
    [0, 255, 0],
    "labels[1] is 255, but the input has one class (0); labels of 0 and 1 want lovaszSigmoid or lovaszHinge",
  ],
  [
    "1 for one channel, one by one",
    crossEntropy,
    one,
    [0, 1, 0],
    "labels[1] is 1, but the input has one class (0); labels of 0 and 1 want binaryCrossEntropy",
  ],
  [
    "1 for one channel, of a region",
    dice,
    { ...one, ...multiclass },
    [0, 1, 0],
    'labels[1] is 1, but the input has one class (0); labels of 0 and 1 want { mode: "binary" }',
  ],
  ["1 to 3 for three", lovaszSoftmax, three, [1, 2, 3, 1], `labels[2] is 3, ${ofThree}; ${fromOne}`],
  ["1 to 3 for three, and void", lovaszSoftmax, three, [255, 1, 2, 3], `labels[0] is 255, ${ofThree}; ${fromOne}`],
  ["1 to 3 for three, 0 void already", crossEntropy, { ...three, ignore: 0 }, [0, 1, 2, 3], `labels[3] is 3, ${ofThree}; ${fromOne}`],
  ["0 to 3 for three", lovaszSoftmax, three, [0, 3, 1, 2], `labels[1] is 3, ${ofThree}; ${pass(3)}`],
  ["21 beside 1 and 2", lovaszSoftmax, three, [1, 2, 21, 1], `labels[2] is 21, ${ofThree}; ${pass(21)}`],
  ["21 beside 2 only", lovaszSoftmax, three, [2, 2, 21, 2], `labels[2] is 21, ${ofThree}; ${pass(21)}`],
  [
    "21 beside 0 only",
    lovaszSoftmax,
    three,
    [0, 0, 21, 0],
    `labels[2] is 21, ${ofThree}; all others are 0, so 21 may be a class: map it to its number`,
  ],
  ["-1 beside 1 only", lovaszSoftmax, three, [1, 1, -1, 1], `labels[2] is -1, ${ofThree}; ${signs}`],
  ["-1 beside 0 to 2", lovaszSoftmax, { ...three, perImage: true }, [0, 1, -1, 2], `labels[2] is -1, ${ofThree}; ${pass(-1)}`],
  [
    "two numbers beside 0 and 1",
    lovaszSoftmax,
    three,
    [0, 1, 255, 21],
    `labels[2] is 255, ${ofThree}; 21 occurs, too: void pixels want a single number`,
  ],
  ["9 only", lovaszSoftmax, three, [9, 9, 9, 9], `labels[0] is 9, ${ofThree}; no label is a class`],
  [
    "0 and 255 for two",
    lovaszSoftmax,
    two,
    [0, 255, 0],
    "labels[1] is 255, but the input has 2 classes (0..1); no label is 1: divide by 255 if that is the foreground",
  ],
  ["0 to 2 for two", lovaszSoftmax, two, [0, 1, 2], `labels[2] is 2, but the input has 2 classes (0..1); ${pass(2)}`],
];

/** All of them. */
export const LABEL_CASES: readonly LabelCase[] = [...BINARY, ...TARGETS, ...CLASSES];
