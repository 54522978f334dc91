// Binary losses of one image by histogram, cut into strips of pixels: the same to the bit as in place.
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Labels, type LovaszSigmoidOptions, lovaszHinge, lovaszSigmoid, openDevice, valueAndGrad } from "../../../../src/index.js";
import { expectSame } from "../../../helpers/closeTo.js";
import { integers, normals } from "../../../helpers/random.js";
import { WORKER } from "../../../helpers/worker.js";

const devices = [2, 3].map((workers) => openDevice("threads", { worker: WORKER, workers, least: 0 }));
afterAll(async () => {
  for (const device of await Promise.all(devices)) await device.close();
});

type Options = LovaszSigmoidOptions & { shape?: number[] };

async function expectSameBits(loss: typeof lovaszHinge, input: Float32Array, labels: Labels, options: Options) {
  const all = { method: "histogram", ...options } as const;
  const expected = valueAndGrad<Labels, Options>(loss)(input, labels, all);
  for (const device of devices) {
    const { value, grad } = await (await device).valueAndGrad(loss, input, labels, all);
    expect(value).toBe(expected.value);
    expectSame(grad, expected.grad);
  }
}

test("the hinge, of any size and range, some pixels ignored", async () => {
  const scale = fc.constantFrom(1e-3, 1, 3, 1e6, 1e-30);
  const bins = fc.constantFrom(undefined, 2, 64, 100, 4096);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 500 }), scale, bins, fc.nat(1000), async (n, factor, count, seed) => {
      const labels = integers(n, 3, seed);
      const input = normals(n, seed + 1).map((x) => factor * x);
      await expectSameBits(lovaszHinge, input, labels, { ignore: 2, ...(count && { bins: count }) });
    }),
    { numRuns: 60 },
  );
});

test.each<[string, typeof lovaszHinge, Options]>([
  ["lovaszHinge of several images together", lovaszHinge, { shape: [3, 10_000], perImage: false }],
  ["lovaszSigmoid", lovaszSigmoid, {}],
  ["lovaszSigmoid of several images together", lovaszSigmoid, { shape: [3, 10_000], bins: 1000 }],
  ["lovaszSigmoid of probabilities", lovaszSigmoid, { fromLogits: false }],
])("%s, with positives, without, and all pixels ignored", async (_, loss, options) => {
  const input = normals(30_000, 1).map((x) => (options.fromLogits === false ? Math.abs(x) % 1 : 2 * x));
  for (const labels of [integers(30_000, 2, 2), new Array(30_000).fill(0), new Array(30_000).fill(1), new Array(30_000).fill(9)]) {
    await expectSameBits(loss, input, labels, { ignore: 9, ...options });
  }
});

test("what the loss refuses is refused in its words", async () => {
  const device = await devices[0];
  const [input, labels] = [normals(20_000, 1), Uint8Array.from(integers(20_000, 2, 2))];
  for (const [at, value, fromLogits, message] of [
    [19_999, Number.POSITIVE_INFINITY, true, "input[19999] is Infinity"],
    [3, Number.NaN, true, "input[3] is NaN"],
    [15_000, 2, false, "input[15000] is 2, expected a probability"],
  ] as const) {
    const wrong = input.map((x) => (fromLogits ? x : Math.abs(x) % 1)).with(at, value);
    const call = device.valueAndGrad(lovaszSigmoid, wrong, labels, { method: "histogram", fromLogits });
    await expect(call).rejects.toMatchObject({ message: expect.stringContaining(message) });
  }
  const call = device.valueAndGrad(lovaszHinge, input, labels.with(19_000, 5), { method: "histogram" });
  await expect(call).rejects.toMatchObject({ code: "label", message: expect.stringContaining("labels[19000] is 5") });
});
