// The auto device as it comes, and with thresholds of 0, so that everything that can leaves the calling thread.
import { afterEach, describe, expect, test, vi } from "vitest";
import { costsOf, threshold } from "../../src/device/calibration.js";
import { type Device, lovaszHinge, lovaszSoftmax, openDevice, valueAndGrad } from "../../src/index.js";
import { expectClose, expectSame } from "../helpers/closeTo.js";
import { integers, normals } from "../helpers/random.js";
import { WORKER } from "../helpers/worker.js";
import { conformance } from "./conformance.js";

vi.mock(import("../../src/device/calibration.js"), async (original) => {
  const real = await original();
  return { ...real, costsOf: vi.fn(real.costsOf), threshold: vi.fn(real.threshold) };
});

conformance("the auto device", () => openDevice("auto", { worker: WORKER, workers: 2 }), { runs: 10, largest: 2 ** 18 });

describe("the auto device, eager for workers,", () => {
  const eager = () => {
    vi.mocked(threshold).mockReturnValue(0);
    return openDevice("auto", { worker: WORKER, workers: 2, least: 0 });
  };
  conformance("as every device", eager, { runs: 10, largest: 2 ** 14 });
});

const fixture = (name: string) => new URL(`../helpers/workers/${name}`, import.meta.url);
const [logits, labels] = [normals(400_000, 1), Uint8Array.from(integers(400_000, 2, 2))];
const shape = [4, 100_000];
const expected = valueAndGrad(lovaszHinge)(logits, labels, { shape });

describe("the auto device", () => {
  let device: Device;
  afterEach(async () => {
    await device.close();
    vi.mocked(threshold).mockReset();
  });

  test("says in info what went where and why, and measures once a process", async () => {
    vi.mocked(costsOf).mockClear();
    vi.mocked(threshold).mockReturnValue(1000);
    for (let opened = 0; opened < 2; opened++) {
      device = await openDevice("auto", { worker: WORKER, workers: 3 });
      expect(device.info).toMatchObject({ calls: { wasm: 0, threads: 0, gpu: 0 }, threads: "not needed so far" });
      await device.valueAndGrad(lovaszHinge, logits.subarray(0, 100), labels.subarray(0, 100));
      expect(device.info).toMatchObject({ calls: { wasm: 1, threads: 0, gpu: 0 }, threads: "not needed so far" });
      await device.valueAndGrad(lovaszHinge, logits, labels, { shape });
      expect(device.info).toMatchObject({ calls: { wasm: 1, threads: 1, gpu: 0 }, threads: { workers: 3 }, fallbacks: 0 });
      if (opened === 0) await device.close();
    }
    expect(vi.mocked(costsOf).mock.calls.length).toBeLessThanOrEqual(2);
    expect(device.info.thresholds).toMatchObject({ threads: { images: 1000, classes: 1000, sort: 1000 }, gpu: null });
  });

  test("keeps calls below the threshold in place", async () => {
    vi.mocked(threshold).mockReturnValue(400_001);
    device = await openDevice("auto", { worker: WORKER, workers: 2 });
    const { value, grad } = await device.valueAndGrad(lovaszHinge, logits, labels, { shape });
    expect(value).toBe(expected.value);
    expectSame(grad, expected.grad);
    expect(device.info.calls).toEqual({ wasm: 1, threads: 0, gpu: 0 });
  });

  test("answers in place, the same, what kills the workers, and leaves them alone after three such calls", async () => {
    vi.mocked(threshold).mockReturnValue(0);
    device = await openDevice("auto", { worker: fixture("fickle.mjs"), workers: 2 });
    for (let call = 1; call <= 4; call++) {
      const [input, truth] = [logits.slice(), labels.slice()];
      const pending = device.valueAndGrad(lovaszHinge, input, truth, { shape });
      input.fill(0);
      truth.fill(0);
      const { value, grad } = await pending;
      expect(value).toBe(expected.value);
      expectSame(grad, expected.grad);
      expect(device.info).toMatchObject({
        fallbacks: Math.min(call, 3),
        lastFallback: expect.stringMatching(/2 workers died of this call.*exit code 4/),
      });
    }
    expect(device.info.calls).toEqual({ wasm: 1, threads: 3, gpu: 0 });
  });

  test("falls back for sorting and for softmax too; a success between failures ends their row", async () => {
    vi.mocked(threshold).mockReturnValue(0);
    device = await openDevice("auto", { worker: fixture("fickle.mjs"), workers: 2 });
    expectSame(await device.sort(logits), logits.slice().sort());
    expect(device.info.fallbacks).toBe(1);
    const few = { shape: [2, 50_000] };
    await device.valueAndGrad(lovaszHinge, logits.subarray(0, 100_000), labels.subarray(0, 100_000), few);
    const softmax = { shape: [1, 2, 200_000] };
    const came = await device.valueAndGrad(lovaszSoftmax, logits, labels.subarray(0, 200_000), softmax);
    const whole = valueAndGrad(lovaszSoftmax)(logits, labels.subarray(0, 200_000), softmax);
    expect(came.value).toBe(whole.value);
    expectSame(came.grad, whole.grad);
    expect(device.info).toMatchObject({ fallbacks: 2, calls: { wasm: 0, threads: 3 } });
  });

  test("does without workers that cannot be started, and says why", async () => {
    device = await openDevice("auto", { worker: fixture("nowhere.mjs"), workers: 2 });
    const { value } = await device.valueAndGrad(lovaszHinge, logits, labels, { shape });
    expectClose([value], [expected.value]);
    expect(device.info).toMatchObject({
      calls: { wasm: 1, threads: 0 },
      threads: expect.stringMatching(/no worker could be started: .*nowhere/),
    });
  });
});
