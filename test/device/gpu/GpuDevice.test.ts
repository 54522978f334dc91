// The device "gpu" on a GPU that is none: its kernels run in JavaScript, so laws take hundreds of cases, and faults come when told.
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { GpuDevice } from "../../../src/device/gpu/GpuDevice.js";
import { guarded } from "../../../src/device/guarded.js";
import { dice, LovaszError, lovaszHinge, lovaszSigmoid, lovaszSoftmax, memory, tensor, valueAndGrad } from "../../../src/index.js";
import { binaryCase, multiclassCase, VOID } from "../../helpers/arbitraries.js";
import { expectClose } from "../../helpers/closeTo.js";
import { cpuLibrary } from "../../helpers/gpuLibrary.js";
import { normals } from "../../helpers/random.js";

const LIMIT = { absolute: 1e-7, relative: 1e-6 };

function openCpu(elements = 2 ** 20) {
  const { library, ...rest } = cpuLibrary();
  const backend = { mode: "webgl2", renderer: "none", software: true, elements, lines: 16 } as const;
  return { device: guarded(new GpuDevice(library, backend)), ...rest };
}

const logits = normals(50, 3);
const labels = Array.from(normals(50, 4), (value) => Number(value > 0));
const inPlace = valueAndGrad(lovaszHinge)(logits, labels);

async function failure(promise: Promise<unknown>): Promise<LovaszError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LovaszError);
  return error as LovaszError;
}

describe('the device "gpu"', () => {
  test.each([
    ["lovaszHinge", lovaszHinge],
    ["lovaszSigmoid", lovaszSigmoid],
  ])("answers as %s does in place, whatever the input", async (_, loss) => {
    const { device } = openCpu();
    await fc.assert(
      fc.asyncProperty(binaryCase, fc.boolean(), async ({ shape, logits, labels }, perImage) => {
        const options = { shape, perImage, ignore: VOID };
        const came = await device.valueAndGrad(loss, logits, labels, options);
        const expected = valueAndGrad(loss)(logits, labels, options);
        expectClose([came.value], [expected.value], LIMIT, "loss");
        expectClose(came.grad, expected.grad, LIMIT, "gradient");
      }),
      { numRuns: 100 },
    );
    expect(device.info.failures).toBe(0);
    expect(device.info.onGpu).toBeGreaterThan(50);
    await device.close();
  });

  test("answers as lovaszSoftmax does in place, whatever the input", async () => {
    const { device } = openCpu();
    const options = fc.record({ perImage: fc.boolean(), classes: fc.constantFrom<"present" | "all">("present", "all") });
    await fc.assert(
      fc.asyncProperty(multiclassCase, options, async ({ shape, logits, labels }, chosen) => {
        const settings = { shape, ignore: VOID, ...chosen };
        // of wider or finer ones there are errors that only float64 tells apart: here they tie
        const quarters = logits.map((logit) => Math.round(Math.max(-16, Math.min(16, 4 * logit))) / 4);
        const came = await device.valueAndGrad(lovaszSoftmax, quarters, labels, settings);
        const expected = valueAndGrad(lovaszSoftmax)(quarters, labels, settings);
        expectClose([came.value], [expected.value], { absolute: 2e-6, relative: 2e-6 }, "loss");
        expectClose(came.grad, expected.grad, { absolute: 2e-6, relative: 2e-5 }, "gradient");
      }),
      { numRuns: 100, seed: 5 },
    );
    expect(device.info).toMatchObject({ inPlace: 0, failures: 0 });
    await device.close();
  });

  test("answers as it does of probabilities, of images together and apart", async () => {
    const { device } = openCpu();
    const options = fc.record({ perImage: fc.boolean(), classes: fc.constantFrom<"present" | "all">("present", "all") });
    await fc.assert(
      fc.asyncProperty(multiclassCase, options, async ({ shape, logits, labels }, chosen) => {
        const settings = { shape, ignore: VOID, fromLogits: false, ...chosen };
        const p = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
        const came = await device.valueAndGrad(lovaszSoftmax, p, labels, settings);
        const expected = valueAndGrad(lovaszSoftmax)(p, labels, settings);
        expectClose([came.value], [expected.value], LIMIT, "loss");
        expectClose(came.grad, expected.grad, LIMIT, "gradient");
      }),
      { numRuns: 100 },
    );
    expect(device.info).toMatchObject({ inPlace: 0, failures: 0 });
    await device.close();
  });

  test("splits what its arrays cannot hold at once: images, and groups of classes", async () => {
    const { device, made } = openCpu(1024);
    const shape = [37, 50];
    const many = normals(37 * 50, 8);
    const truth = Uint8Array.from(many, (value, i) => Number(value + (i % 3) > 1));
    const came = await device.valueAndGrad(lovaszHinge, many, truth, { shape });
    const expected = valueAndGrad(lovaszHinge)(many, truth, { shape });
    expectClose([came.value], [expected.value], LIMIT);
    expectClose(came.grad, expected.grad, LIMIT);
    const options = { shape: [9, 4, 50], perImage: true, fromLogits: true };
    const some = many.subarray(0, 1800);
    const classes = truth.subarray(0, 450);
    const softmax = await device.valueAndGrad(lovaszSoftmax, some, classes, options);
    expectClose(softmax.grad, valueAndGrad(lovaszSoftmax)(some, classes, options).grad, { absolute: 2e-6 });
    expect(made.pipelines).toBe(2);
    expect(device.info).toMatchObject({ onGpu: 2, inPlace: 0 });
    await device.close();
  });

  test("computes in place what one array cannot hold", async () => {
    const { device } = openCpu(32);
    expect(await device.valueAndGrad(lovaszHinge, logits, labels)).toEqual(inPlace);
    expect(device.info.reason).toBe("its arrays hold 32 numbers, too few for images of 50 pixels");
    await device.close();
  });

  test("writes the gradient to out, and takes losses of others", async () => {
    const { device } = openCpu();
    const out = new Float32Array(50);
    const { grad } = await device.valueAndGrad(lovaszHinge, logits, labels, { out });
    expect(grad).toBe(out);
    expectClose(out, inPlace.grad, LIMIT);
    expect(await device.valueAndGrad(dice, logits, labels)).toEqual(valueAndGrad(dice)(logits, labels));
    expect(device.info.reason).toBe("a loss other than lovaszHinge, lovaszSigmoid, lovaszSoftmax");
    await device.close();
  });

  test.each<[string, (result: unknown) => unknown, RegExp]>([
    ["comes back as zeros", (lines) => (lines as Float32Array[][]).map((row) => row.map((line) => line.fill(0))), /sum to 0, not 1/],
    ["comes back short of a weight", (lines) => halved(lines as Float32Array[][]), /weights of a row sum to/],
    [
      "does not come back",
      () => {
        throw new Error("out of memory");
      },
      /out of memory/,
    ],
  ])("answers in place where a result %s, begins anew, and in the end leaves the GPU alone", async (_, result, reason) => {
    const { device, tampering, made } = openCpu();
    await device.valueAndGrad(lovaszHinge, logits, labels);
    tampering.result = result;
    for (let failures = 1; failures <= 3; failures++) {
      expect(await device.valueAndGrad(lovaszHinge, logits, labels)).toEqual(inPlace);
      expect(device.info).toMatchObject({ onGpu: 1, inPlace: failures, failures, reason: expect.stringMatching(reason) });
    }
    await vi.waitFor(() => expect(made).toEqual({ instances: 3, pipelines: 3, destroyed: 3, closed: 3 }));
    tampering.result = (fine) => fine;
    expect(await device.valueAndGrad(lovaszHinge, logits, labels)).toEqual(inPlace);
    expect(made.instances).toBe(3);
    expect(device.info).toMatchObject({ inPlace: 4, reason: expect.stringMatching(reason) });
    await device.close();
  });

  test("goes back to the GPU after a failure, and says what the failure was", async () => {
    const { device, tampering } = openCpu();
    tampering.lost = true;
    expect(await device.valueAndGrad(lovaszHinge, logits, labels)).toEqual(inPlace);
    expect(device.info).toMatchObject({ failures: 1, reason: "the WebGL2 context was lost" });
    tampering.lost = false;
    expectClose((await device.valueAndGrad(lovaszHinge, logits, labels)).grad, inPlace.grad, LIMIT);
    expect(device.info).toMatchObject({ failures: 0, onGpu: 1, reason: "the WebGL2 context was lost" });
    await device.close();
  });

  test("answers a call with the input it was made with, though the GPU fails after that has changed", async () => {
    const { device, tampering } = openCpu();
    tampering.lost = true;
    const [values, truth] = [logits.slice(), Int32Array.from(labels)];
    const call = device.valueAndGrad(lovaszHinge, values, truth);
    values.fill(Number.NaN);
    truth.fill(7);
    expect(await call).toEqual(inPlace);
    await device.close();
  });

  test("leaves out the values of ignored pixels, even NaN", async () => {
    const { device } = openCpu();
    const values = normals(24, 6);
    for (const i of [1, 9, 17]) values[i] = Number.NaN;
    const options = { shape: [1, 3, 8], ignore: 255 };
    const truth = [0, 255, 2, 1, 0, 1, 2, 0];
    const came = await device.valueAndGrad(lovaszSoftmax, values, truth, options);
    expectClose(came.grad, valueAndGrad(lovaszSoftmax)(values, truth, options).grad, { absolute: 1e-6 });
    expect(device.info.onGpu).toBe(1);
    await device.close();
  });

  test("sorts in place where what came back is not what was sent", async () => {
    const { device, tampering } = openCpu();
    tampering.result = (lines) => (lines as Float32Array[][]).map((row) => row.map((line) => line.fill(1)));
    expect(await device.sort(Float32Array.of(3, 1, 2))).toEqual(Float32Array.of(1, 2, 3));
    expect(device.info.reason).toBe("what should be sorted values is something else");
    await device.close();
  });

  test("keeps equals in their order when it sorts, -0 and 0 among them", async () => {
    const { device } = openCpu();
    const values = Float32Array.from({ length: 100 }, (_, i) => [0, -0, 1, -0, -1][(i * i) % 5]);
    for (const descending of [false, true]) {
      const came = await device.sort(values, { descending });
      const expected = await device.sort(Float32Array.from([...values, Number.NaN]), { descending });
      expect(Array.from(came, (value) => Object.is(value, -0))).toEqual(
        Array.from(
          expected.filter((value) => !Number.isNaN(value)),
          (value) => Object.is(value, -0),
        ),
      );
    }
    expect(device.info).toMatchObject({ onGpu: 2, inPlace: 2 });
    await device.close();
  });

  test("refuses what is wrong in the words of the loss, and leaves no memory behind", async () => {
    const { device } = openCpu();
    const before = memory();
    const wrong = await failure(device.valueAndGrad(lovaszHinge, logits, labels.slice(1)));
    expect(wrong.code).toBe("shape");
    expect(wrong.message).toMatch(/labels has 49 entries, expected 50/);
    expect((await failure(device.valueAndGrad(lovaszHinge, logits, labels, { out: new Float32Array(3) }))).message).toMatch(/out is/);
    expect((await failure(device.sort([1, 2] as never))).code).toBe("shape");
    expect((await failure(device.sort(logits, { up: true } as never))).code).toBe("option");
    expect((await failure(device.cumsum("1" as never))).code).toBe("shape");
    await device.valueAndGrad(lovaszSoftmax, logits, labels.slice(0, 25), { shape: [25, 2] });
    expect(memory()).toEqual(before);
    await device.close();
  });

  test.each<[string, object]>([
    ["a method of null", { method: null }],
    ["an option that no loss has, though it is undefined", { perimage: undefined }],
  ])("refuses %s, as the loss itself does", async (_, options) => {
    const { device } = openCpu();
    for (const loss of [lovaszHinge, lovaszSigmoid, lovaszSoftmax]) {
      const settings = { shape: [25, 2], ...options } as object;
      const truth = loss === lovaszSoftmax ? labels.slice(0, 25) : labels;
      const error = await failure(device.valueAndGrad(loss, logits, truth, settings));
      expect(() => valueAndGrad(loss)(logits, truth, settings)).toThrow(error.message);
    }
    await device.close();
  });

  test("refuses out for a loss in the graph, which has a gradient of its own, as the loss does", async () => {
    const { device } = openCpu();
    const x = tensor(logits, [50]);
    const out = new Float32Array(50);
    const error = await failure(device.loss(lovaszHinge, x, labels, { out } as object));
    expect(() => lovaszHinge(x, labels, { out } as object)).toThrow(error.message);
    x.dispose();
    await device.close();
  });

  test("takes null for no options, as the loss does", async () => {
    const { device } = openCpu();
    expectClose((await device.valueAndGrad(lovaszHinge, logits, labels, null as never)).grad, inPlace.grad, LIMIT);
    expect(device.info.onGpu).toBe(1);
    await device.close();
  });

  test("refuses options in a Map, which would else be read as none, for a loss in the graph, too", async () => {
    const { device } = openCpu();
    const x = tensor(logits, [5, 10]);
    const options = new Map([["perImage", false]]) as object;
    for (const pending of [device.loss(lovaszHinge, x, labels, options), device.valueAndGrad(lovaszHinge, logits, labels, options)]) {
      expect((await failure(pending)).message).toMatch(/options is a value of type Map/);
    }
    x.dispose();
    await device.close();
  });

  test("gives a loss in the graph of its logits, which may be gone when it is known", async () => {
    const { device } = openCpu();
    const leaf = tensor(logits, [50], { requiresGrad: true });
    const loss = await device.loss(lovaszHinge, leaf.mul(2), labels);
    expect(loss.shape).toEqual([]);
    const value = loss.item();
    loss.mul(3).backward();
    const twice = valueAndGrad(lovaszHinge)(
      logits.map((logit) => 2 * logit),
      labels,
    );
    expectClose([value], [twice.value], LIMIT);
    expectClose(
      leaf.grad!.data,
      twice.grad.map((slope) => 6 * slope),
      { absolute: 1e-6 },
    );
    const late = device.loss(lovaszHinge, leaf, labels);
    leaf.dispose();
    expectClose([(await late).item()], [inPlace.value], LIMIT);
    await device.close();
  });

  test("takes calls one by one, settles those under way before it closes, and rejects later ones", async () => {
    const { device, made, running } = openCpu();
    let settled = 0;
    const calls = [1, 2, 3].map(async () => {
      const result = await device.valueAndGrad(lovaszHinge, logits, labels);
      settled += 1;
      return result;
    });
    const closed = device.close();
    expect(device.close()).toBe(closed);
    expect((await failure(device.valueAndGrad(lovaszHinge, logits, labels))).code).toBe("device");
    expect((await failure(device.sort(logits))).message).toMatch(/closed; open another/);
    await closed;
    expect(settled).toBe(3);
    expect(running.most).toBe(1);
    for (const { grad } of await Promise.all(calls)) expectClose(grad, inPlace.grad, LIMIT);
    expect(made).toEqual({ instances: 1, pipelines: 1, destroyed: 1, closed: 1 });
  });
});

function halved(lines: Float32Array[][]): Float32Array[][] {
  const largest = Math.max(...lines[0].flatMap((line) => [...line].map(Math.abs)));
  for (const line of lines[0]) {
    const at = line.findIndex((slope) => Math.abs(slope) === largest);
    if (at >= 0) line[at] /= 2;
  }
  return lines;
}
