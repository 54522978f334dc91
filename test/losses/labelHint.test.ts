import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adapted } from "../../src/adapters/adapted.js";
import * as lovasz from "../../src/index.js";
import { apply, sketch, weigh } from "../../src/sketch/index.js";
import { expectError } from "../helpers/errors.js";
import { inputOf, LABEL_CASES } from "../helpers/labelCases.js";

const { confusionMatrix, diceBinary, iou, iouBinary, lovaszGrad, lovaszHinge, lovaszMultilabel, lovaszSigmoid, lovaszSoftmax } = lovasz;
const { lovaszExtension, multiLovaszHinge, SegmentationLoss, tensor, valueAndGrad } = lovasz;

const exactly = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
const LOVASZ: readonly unknown[] = [lovaszHinge, lovaszSigmoid, lovaszSoftmax, lovaszExtension];

// the same labels in every kind of array that holds them; losses on regions and pixels take floats for soft labels
function kindsOf(labels: ArrayLike<number>, loss: unknown): lovasz.Labels[] {
  if (!Array.isArray(labels)) return [labels];
  if (!labels.every(Number.isInteger)) return [labels, Float64Array.from(labels)];
  const shared = new Int32Array(new SharedArrayBuffer(4 * labels.length));
  shared.set(labels);
  const kinds: lovasz.Labels[] = [labels, Int32Array.from(labels), shared];
  if (labels.every((label) => label >= 0)) kinds.push(Uint8Array.from(labels), Uint8ClampedArray.from(labels));
  if (LOVASZ.includes(loss)) kinds.push(Float32Array.from(labels), tensor(labels));
  return kinds;
}

test.each(LABEL_CASES)("%s", (...one) => {
  const [, loss, options, labels, message] = one;
  for (const kind of kindsOf(labels, loss)) {
    expectError(() => valueAndGrad(loss)(inputOf(one), kind as never, options), "label", exactly(`${loss.name}: ${message}`));
  }
});

describe("the same is told by", () => {
  const signs = "expected 0 or 1; labels are -1 and 1: map -1 to 0";
  const foreground = "no label is 1: divide by 255 if that is the foreground";
  const x = Float32Array.of(1, 2, 3, 4);

  test("losses of channels, by the place in the labels that were given", () => {
    const shape = [2, 2];
    expectError(() => multiLovaszHinge(x, [1, -1, 1, 1], { shape }), "label", exactly(`multiLovaszHinge: labels[1] is -1, ${signs}`));
    expectError(() => lovaszMultilabel(x, [1, -1, 1, 1], { shape }), "label", exactly(`lovaszMultilabel: labels[1] is -1, ${signs}`));
    const classes = () => lovaszMultilabel(x, [0, 1, 2, 0], { shape });
    const offer = "pass { ignore: 2 } if it marks void pixels; class numbers want lovaszSoftmax";
    expectError(classes, "label", exactly(`lovaszMultilabel: labels[2] is 2, expected 0 or 1; ${offer}`));
    const loss = new SegmentationLoss({ mode: "multilabel", shape: [2, 2] });
    expectError(
      () => loss.forward(x, [0, 255, 0, 0]),
      "label",
      exactly(`lovaszMultilabel: labels[1] is 255, expected 0 or 1; ${foreground}`),
    );
  });

  test("lovaszGrad, which ignores nothing", () => {
    const call = (labels: number[]) => () => lovaszGrad(labels);
    expectError(call([1, -1]), "label", exactly(`lovaszGrad: labels[1] is -1, ${signs}`));
    expectError(call([1, 0, 255]), "label", exactly("lovaszGrad: labels[2] is 255, expected 0 or 1"));
    expectError(
      call([1, 0, 2, 3]),
      "label",
      exactly("lovaszGrad: labels[2] is 2, expected 0 or 1; class numbers want a call for each class"),
    );
  });

  test("sketch and apply", () => {
    const offer = 'pass { ignore: 2 } if it marks void pixels; class numbers want the loss "softmax"';
    const weights = weigh(sketch("hinge", x, [1, 0, 1, 0]));
    for (const [name, run] of [
      ["sketch(loss, values, labels, options)", (labels: number[]) => sketch("hinge", x, labels)],
      ["apply(weights, values, labels, options)", (labels: number[]) => apply(weights, x, labels)],
    ] as const) {
      expectError(() => run([1, -1, 1, 1]), "label", exactly(`${name}: labels[1] is -1, ${signs}`));
      expectError(() => run([1, 0, 2, 1]), "label", exactly(`${name}: labels[2] is 2, expected 0 or 1; ${offer}`));
    }
    const channel = () => sketch("softmax", x, [0, 1, 0, 0], { shape: [4, 1] });
    expectError(
      channel,
      "label",
      /labels\[1\] is 1, but the input has one class \(0\); labels of 0 and 1 want the loss "sigmoid" or "hinge"$/,
    );
  });

  test("the losses in other trainers", () => {
    const names = { outputs: "outputs", labels: "labels" };
    const softmax = () => adapted("lovaszSoftmax", {}, "NHWC", names)(x, [4, 1], { values: [0, 1, 0, 0] });
    expectError(
      softmax,
      "label",
      /labels\[1\] is 1, but the input has one class \(0\); labels of 0 and 1 want lovaszSigmoid or lovaszHinge$/,
    );
    const hinge = () => adapted("lovaszHinge", {}, "NHWC", names)(x, [4, 1], { values: Float64Array.of(0, 255, 0, 0), shape: [4, 1] });
    expectError(hinge, "label", exactly(`lovaszHinge: labels[1] is 255, expected 0 or 1; ${foreground}`));
  });
});

describe("metrics", () => {
  const zeros = (labels: ArrayLike<unknown>) => new Uint8Array(labels.length);
  const pass = (label: number) => `pass { ignore: ${label} } if it marks void pixels`;
  type Case = readonly [message: string, call: (labels: never, zeros: Uint8Array) => unknown, labels: readonly unknown[]];
  const two = "expected 0..1";
  const three = "expected 0..2";
  const several = "class numbers want iou, grey levels a threshold, void pixels a single number";
  const fromOne = "labels seem to count from 1, but classes count from 0: subtract 1";
  test.each<Case>([
    [`iouBinary: labels[1] is -1, ${two}; labels are -1 and 1: map -1 to 0`, (y, p) => iouBinary(p, y), [1, -1]],
    [`iouBinary: labels[1] is 255, ${two}; no label is 1: divide by 255 if that is the foreground`, (y, p) => iouBinary(p, y), [0, 255]],
    [`iouBinary: labels[2] is 255, ${two}; ${pass(255)}`, (y, p) => iouBinary(p, y), [0, 1, 255]],
    [`iouBinary: labels[1] is 255, ${two}; ${pass(255)}`, (y, p) => iouBinary(p, y, { shape: [2, 2], perImage: true }), [0, 255, 0, 1]],
    [`iouBinary: labels[2] is 2, ${two}; ${pass(2)}; class numbers want iou`, (y, p) => iouBinary(p, y), [0, 1, 2]],
    [
      `iouBinary: labels[2] is 2, ${two}; a value of type Symbol occurs, too: ${several}`,
      (y, p) => iouBinary(p, y),
      [0, 1, 2, Symbol("s")],
    ],
    [`diceBinary: labels[2] is 2, ${two}; ${pass(2)}; class numbers want confusionMatrix`, (y, p) => diceBinary(p, y), [0, 1, 2]],
    [`iouBinary: labels[1] is 0.5, ${two}; labels are class numbers`, (y, p) => iouBinary(p, y), [0, 0.5]],
    [`iouBinary: labels[1] is "1", ${two}; labels are class numbers`, (y, p) => iouBinary(p, y), [0, "1"]],
    ["iou: labels[1] is 1, expected 0..0; labels of 0 and 1 want iouBinary", (y, p) => iou(p, y, 1), [0, 1]],
    [`iou: labels[2] is 3, ${three}; ${fromOne}`, (y, p) => iou(p, y, 3), [1, 2, 3]],
    [`iou: labels[2] is 3, ${three}; ${pass(3)}`, (y, p) => iou(p, y, 3), [0, 1, 3]],
    ["confusionMatrix: labels[1] is 1, expected 0..0; labels of 0 and 1 want 2 classes", (y, p) => confusionMatrix(p, y, 1), [0, 1]],
    [`confusionMatrix: labels[1] is 255, ${three}; ${pass(255)}`, (y, p) => confusionMatrix(p, y, 3), [2, 255]],
    [`confusionMatrix: labels[1] is NaN, ${three}; labels are class numbers`, (y, p) => confusionMatrix(p, y, 3), [0, Number.NaN]],
  ])("%s", (message, call, labels) => {
    expectError(() => call(labels as never, zeros(labels)), "label", exactly(message));
  });

  test("of several images look at the labels of all", () => {
    const images = [Uint8Array.of(1, 255), Uint8Array.of(0, 1)];
    expectError(() => iouBinary(images.map(zeros), images), "label", exactly(`iouBinary: labels[1] is 255, ${two}; ${pass(255)}`));
  });
});

describe("an offer of ignore", () => {
  const label = fc.constantFrom(-1, 0, 0, 1, 1, 2, 3, 255);
  const messageOf = (run: () => unknown): string => {
    try {
      run();
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each([1, 2, 3, 4])("leaves labels that make sense, and is made where they do, of %i classes", (classes) => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 12 }), (labels) => {
        const input = new Float32Array(labels.length * classes);
        const run = (ignore: number | null) => () => lovaszSoftmax(input, labels, { shape: [1, classes, labels.length], ignore });
        const message = messageOf(run(null));
        const wrong = labels.find((one) => one < 0 || one >= classes);
        if (wrong === undefined) return message === "";
        const rest = new Set(labels.filter((one) => one !== wrong));
        const isTask =
          [...rest].every((one) => one >= 0 && one < classes) && ((rest.has(0) && rest.has(1)) || [...rest].some((one) => one > 1));
        const isShifted = wrong === classes && !rest.has(0);
        expect(message.includes(`pass { ignore: ${wrong} }`)).toBe(isTask && !isShifted);
        if (message.includes("ignore")) expect(messageOf(run(wrong))).toBe("");
      }),
      { numRuns: 1000 },
    );
  });
});

test("labels that change while they are looked at break nothing", () => {
  const x = new Float32Array(3);
  let reads = 0;
  const changing = Object.defineProperty([0, 0, 255], 1, { get: () => (reads++ < 2 ? 1 : {}) });
  expectError(() => lovaszHinge(x, changing), "label", /^lovaszHinge: labels\[2\] is 255, expected 0 or 1; /);
});
