// Lovász-Softmax cut into slabs of pixels, and classes: the same to the bit as in place.
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Device, type LovaszSoftmaxOptions, lovaszSoftmax, memory, openDevice, valueAndGrad } from "../../../../src/index.js";
import { sizeOf } from "../../../../src/tensor/shape.js";
import { expectSame } from "../../../helpers/closeTo.js";
import { integers, normals } from "../../../helpers/random.js";
import { WORKER } from "../../../helpers/worker.js";

const devices = [1, 2, 3].map((workers) => openDevice("threads", { worker: WORKER, workers, least: 0 }));
afterAll(async () => {
  for (const device of await Promise.all(devices)) await device.close();
});

async function expectSameBits(device: Device, shape: number[], seed: number, options: LovaszSoftmaxOptions = {}) {
  const classes = shape.length === 2 || options.layout === "NHWC" ? shape[shape.length - 1] : shape[1];
  const count = sizeOf(shape) / classes;
  // in quarters, so that some errors tie
  const logits = normals(count * classes, seed).map((x) => (seed % 2 ? x : Math.round(4 * x) / 4));
  const labels = Uint8Array.from(integers(count, classes + 1, seed + 1), (label) => (label === classes ? 255 : label));
  const all = { shape, ignore: 255, ...options };
  const expected = valueAndGrad(lovaszSoftmax)(logits, labels, all);
  const came = await device.valueAndGrad(lovaszSoftmax, logits, labels, all);
  expect(came.value).toBe(expected.value);
  expectSame(came.grad, expected.grad);
  const out = new Float32Array(logits.length);
  expect((await device.valueAndGrad(lovaszSoftmax, logits, labels, { ...all, out })).grad).toBe(out);
  expectSame(out, expected.grad);
}

test("any shape, by any number of workers", async () => {
  const shapes = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 300 }));
  const method = fc.constantFrom<LovaszSoftmaxOptions>({}, { method: "histogram" }, { method: "histogram", bins: 100 });
  const before = memory();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...devices), shapes, fc.nat(1000), method, async (device, shape, seed, options) => {
      await expectSameBits(await device, shape, seed, options);
    }),
    { numRuns: 100 },
  );
  expect(memory()).toEqual(before);
});

test.each<[string, LovaszSoftmaxOptions]>([
  ["all classes", { classes: "all" }],
  ["some classes, out of order", { classes: [4, 1, 2] }],
  ["weights of classes", { classWeights: [1, 0, 2, 0.5, 3] }],
  ["weights of pixels", { pixelWeights: normals(2 * 113 * 211, 7).map(Math.abs) }],
  ["weights of pixels, counted", { pixelWeights: normals(2 * 113 * 211, 7).map(Math.abs), method: "histogram" }],
])("several slabs each, with %s", async (_, options) => {
  for (const device of devices) await expectSameBits(await device, [2, 5, 113, 211], 3, options);
});

test.each<[string, number[], LovaszSoftmaxOptions]>([
  ["[P, C]", [10_000, 4], {}],
  ["[B, H, W, C]", [2, 100, 50, 4], { layout: "NHWC" }],
  ["[B, H, W, C], counted", [2, 100, 50, 4], { layout: "NHWC", method: "histogram" }],
  ["[B, H, W, C], weighted", [2, 100, 50, 4], { layout: "NHWC", pixelWeights: normals(10_000, 8).map(Math.abs) }],
])("channels last: %s", async (_, shape, options) => {
  const before = memory();
  for (const device of devices) for (const seed of [1, 2, 3, 4]) await expectSameBits(await device, shape, seed, options);
  expect(memory()).toEqual(before);
});

test("several calls at once, each with memory of its own", async () => {
  const device = await devices[1];
  await Promise.all([1, 2, 3, 4, 5].map((seed) => expectSameBits(device, [1, 4, 100 * seed, 50], seed)));
});

test("NaN is refused by its index in the input, whatever the layout", async () => {
  const logits = normals(40_000, 1).with(30_001, Number.NaN);
  for (const options of [{ shape: [10_000, 4] }, { shape: [2, 5000, 4], layout: "NHWC" as const }]) {
    const call = (await devices[1]).valueAndGrad(lovaszSoftmax, logits, integers(10_000, 4, 2), options);
    await expect(call).rejects.toMatchObject({ code: "nan", message: expect.stringContaining("input[30001] is NaN") });
  }
});

test("NaN is refused by its index in the input, unless its pixel is ignored", async () => {
  const device = await devices[1];
  const options = { shape: [1, 2, 30_000], ignore: 9 };
  const [logits, labels] = [normals(60_000, 1), Uint8Array.from(integers(30_000, 2, 2))];
  logits[50_000] = Number.NaN;
  await expect(device.valueAndGrad(lovaszSoftmax, logits, labels, options)).rejects.toMatchObject({
    code: "nan",
    message: expect.stringContaining("input[50000] is NaN"),
  });
  labels[20_000] = 9;
  const expected = valueAndGrad(lovaszSoftmax)(logits, labels, options);
  const { value, grad } = await device.valueAndGrad(lovaszSoftmax, logits, labels, options);
  expect(value).toBe(expected.value);
  expectSame(grad, expected.grad);
});
