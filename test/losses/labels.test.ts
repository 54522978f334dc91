import { describe, expect, test } from "vitest";
import * as lovasz from "../../src/index.js";
import { apply, sketch, weigh } from "../../src/sketch/index.js";
import { memorySize } from "../../src/wasm/memory.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { LABELS, WRONG_LABELS } from "../helpers/oddArguments.js";

const { lovaszGrad, tensor, valueAndGrad } = lovasz;

test("the labels of a tensor are read though memory grows meanwhile", () => {
  // more than all of memory: it grows by no more than they take, and has to grow again for their copy
  const length = memorySize() / 4 + 1000;
  const values = Float32Array.from({ length }, (_, i) => Number(i % 3 === 0));
  const labels = tensor(values);
  expect(labels.data.length).toBe(values.length);
  const before = memorySize();
  const weights = lovaszGrad(labels);
  expect(memorySize()).toBeGreaterThan(before);
  expectSame(weights, lovaszGrad(values));
  labels.dispose();
});

const n = 12;
const truth = Array.from({ length: n }, (_, i) => Number(i % 3 === 0));
const x = Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i * 1.7));
const logits = x.subarray(0, n);

const weights = weigh(sketch("hinge", logits, truth, { bins: 16 }));

type Use = (labels: lovasz.Labels) => unknown;

/** What takes labels of 12 pixels. */
const USES: Record<string, Use> = {
  lovaszHinge: (labels) => valueAndGrad<lovasz.Labels>(lovasz.lovaszHinge)(logits, labels),
  lovaszSigmoid: (labels) => valueAndGrad<lovasz.Labels>(lovasz.lovaszSigmoid)(logits, labels, { shape: [2, 6] }),
  lovaszExtension: (labels) => valueAndGrad<lovasz.Labels>(lovasz.lovaszExtension)(logits.map(Math.abs), labels),
  lovaszSoftmax: (labels) => valueAndGrad<lovasz.Labels>(lovasz.lovaszSoftmax)(x, labels, { shape: [1, 2, n] }),
  lovaszMultilabel: (labels) => valueAndGrad<lovasz.Labels>(lovasz.lovaszMultilabel)(logits, labels, { shape: [2, 3, 2] }),
  multiLovaszHinge: (labels) => lovasz.multiLovaszHinge(logits, labels, { shape: [4, 3] }),
  crossEntropy: (labels) => valueAndGrad<lovasz.Labels>(lovasz.crossEntropy)(x, labels, { shape: [1, 2, n] }),
  binaryCrossEntropy: (labels) => valueAndGrad<lovasz.Labels>(lovasz.binaryCrossEntropy)(logits, labels),
  focal: (labels) => valueAndGrad<lovasz.Labels>(lovasz.focal)(logits, labels),
  dice: (labels) => valueAndGrad<lovasz.Labels, lovasz.RegionOptions>(lovasz.dice)(x, labels, { mode: "multiclass", shape: [1, 2, n] }),
  jaccard: (labels) => valueAndGrad<lovasz.Labels>(lovasz.jaccard)(logits, labels),
  tversky: (labels) => valueAndGrad<lovasz.Labels>(lovasz.tversky)(logits, labels),
  lovaszGrad: (labels) => lovasz.lovaszGrad(labels),
  SegmentationLoss: (labels) => lovasz.tidy(() => new lovasz.SegmentationLoss({ mode: "binary" }).forward(logits, labels).item()),
  iouBinary: (labels) => [lovasz.iouBinary(labels, truth), lovasz.iouBinary(truth.with(0, 0), labels)],
  confusionMatrix: (labels) => lovasz.confusionMatrix(labels, truth.with(1, 1), 2),
  sketch: (labels) => sketch("hinge", logits, labels, { bins: 16 }),
  apply: (labels) => apply(weights, logits, labels),
};

describe.each(Object.entries(USES))("%s", (name, use) => {
  const expected = use(Uint8Array.from(truth));

  // the rows of nested arrays are images of their own to a metric
  const right = Object.entries(LABELS).filter(([kind]) => kind !== "nested" || !/^iou|^conf/.test(name));
  test.each(right)("takes labels as %s", (_kind, make) => {
    expect(use(make(truth) as lovasz.Labels)).toEqual(expected);
  });

  // it knows no other number than that of its labels
  const wrong = Object.entries(WRONG_LABELS).filter(([kind]) => name !== "lovaszGrad" || !kind.startsWith("one too"));
  test.each(wrong)("refuses labels that are %s", (_kind, make) => {
    expectWrong(() => use(make(truth) as lovasz.Labels));
  });
});

function expectWrong(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(lovasz.LovaszError);
    expect((error as lovasz.LovaszError).code).toMatch(/^(label|shape)$/);
    return;
  }
  throw new Error("nothing was thrown");
}

test("one-hot labels come as any kind of list, too", () => {
  const [labels, other] = [[...truth.map((one) => 1 - one), ...truth], { shape: [1, 2, n] }];
  const call = valueAndGrad<lovasz.Labels>(lovasz.crossEntropy);
  const expected = call(x, truth, other);
  for (const make of Object.values(LABELS)) expect(call(x, make(labels) as lovasz.Labels, other)).toEqual(expected);
});

test("labels beyond 32 bits are void where ignore says so, and wrong elsewhere", () => {
  const hinge = valueAndGrad<lovasz.Labels, lovasz.LovaszOptions>(lovasz.lovaszHinge);
  const expected = hinge([1, 2], [255, 0], { ignore: 255 });
  for (const ignore of [4294967295, 2 ** 40, -(2 ** 40)]) {
    for (const labels of [[ignore, 0], Float64Array.of(ignore, 0)]) expect(hinge([1, 2], labels, { ignore })).toEqual(expected);
  }
  expect(hinge([1, 2], new Uint32Array([4294967295, 0]), { ignore: 4294967295 })).toEqual(expected);
  expectError(() => hinge([1, 2], [-1, 0], { ignore: 4294967295 }), "label", /labels\[0\] is -1/);
  expectError(() => hinge([1, 2], [2 ** 32, 0]), "label", /labels\[0\] is 4294967296, expected 0 or 1/);
});

test("nested labels are as nested as their shape, at any depth", () => {
  const hinge = valueAndGrad<lovasz.Labels, lovasz.LovaszOptions>(lovasz.lovaszHinge);
  const shape = [2, 2, 3];
  const nested = [
    [
      [1, 0, 0],
      [1, 0, 0],
    ],
    [Uint8Array.of(1, 0, 0), Uint8Array.of(1, 0, 0)],
  ];
  expect(hinge(logits, nested, { shape })).toEqual(hinge(logits, truth, { shape }));
  for (const ragged of [
    [[1, 0], [1]],
    [[1, 0], 1, 0],
    [1, [0, 1]],
    [[[1]], [1]],
  ]) {
    expectError(() => hinge(logits, ragged as never), ragged[0] === 1 ? "label" : "shape", /labels(\[1\])? is/);
  }
  let deep: unknown = [1];
  for (let i = 0; i < 100; i++) deep = [deep];
  expectError(() => hinge([1], deep as never), "shape", /nested deeper than 32 arrays/);
});

test("a list is read once: what its getters say later is not asked", () => {
  const labels = [1, 0, 1];
  const reads: number[] = [];
  Object.defineProperty(labels, 1, {
    get: () => {
      reads.push(1);
      return reads.length > 1 ? 99 : 0;
    },
  });
  const { value } = valueAndGrad(lovasz.lovaszHinge)([1, 2, 3], labels);
  expect([value, reads.length]).toEqual([valueAndGrad(lovasz.lovaszHinge)([1, 2, 3], [1, 0, 1]).value, 1]);
});
