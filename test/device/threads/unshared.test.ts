// Where memory cannot be shared, as on a page that is not isolated, arrays are copied to the workers and back.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Device, dice, type Labels, lovaszHinge, lovaszSigmoid, lovaszSoftmax, openDevice, valueAndGrad } from "../../../src/index.js";
import { expectClose, expectSame } from "../../helpers/closeTo.js";
import { integers, normals } from "../../helpers/random.js";
import { WORKER } from "../../helpers/worker.js";

vi.mock(import("../../../src/wasm/sharedMemory.js"), async (original) => ({ ...(await original()), canShare: () => false }));

let device: Device;
beforeAll(async () => {
  device = await openDevice("threads", { worker: WORKER, workers: 3, least: 0 });
});
afterAll(() => device.close());

const n = 6000;
const probabilities = normals(n, 1).map((x) => Math.abs(x) % 1);

async function answers(loss: unknown, labels: Labels, options: object) {
  const call = loss as typeof dice;
  const before = probabilities.slice();
  const out = new Float32Array(n);
  const came = await device.valueAndGrad(call, probabilities, labels, { ...options, out });
  expect(came.grad).toBe(out);
  expect(probabilities).toEqual(before);
  return { came, expected: valueAndGrad<Labels>(call)(probabilities, labels, options) };
}

test("it says so", () => {
  expect(device.info).toMatchObject({ memory: "copied", workers: 3 });
});

test.each<[string, unknown, number, object]>([
  ["images", lovaszHinge, 2, { shape: [5, n / 5], pixelWeights: normals(n, 3).map(Math.abs) }],
  ["images of several classes", dice, 3, { shape: [4, 3, n / 12], perImage: true, mode: "multiclass" }],
  ["one image", lovaszSigmoid, 2, { method: "histogram" }],
  ["one class", lovaszSoftmax, 1, { shape: [1, 3, n / 3], pixelWeights: normals(n / 3, 4).map(Math.abs) }],
])("%s, to the bit", async (_, loss, classes, options) => {
  const pixels = (options as { shape?: number[] }).shape?.length === 3 ? n / 3 : n;
  const { came, expected } = await answers(loss, integers(pixels, classes, 2), options);
  expect(came.value).toBe(expected.value);
  expectSame(came.grad, expected.grad);
});

test.each<[string, object]>([
  ["logits", {}],
  ["probabilities", { fromLogits: false }],
  ["channels last", { shape: [2, n / 12, 6], layout: "NHWC" }],
  ["some classes, weighted", { classes: [4, 0, 3], classWeights: [1, 2, 3, 0, 0.5, 1], pixelWeights: normals(n / 6, 5).map(Math.abs) }],
  ["a histogram", { method: "histogram", bins: 100 }],
])("the classes of a softmax, to rounding: %s", async (_, options) => {
  const { came, expected } = await answers(lovaszSoftmax, integers(n / 6, 6, 2), { shape: [2, 6, n / 12], ...options });
  expectClose([came.value], [expected.value], { relative: 1e-6 });
  expectClose(came.grad, expected.grad, { absolute: 1e-9, relative: 1e-6 });
});

test("sorts", async () => {
  const values = normals(n, 6);
  expectSame(await device.sort(values), values.slice().sort());
  expectSame(await device.sort(values, { descending: true }), values.slice().sort().reverse());
});
