// Devices and setThreads in a real browser: with shared memory and without, under a strict policy, in the page and in a worker of it.
import { expect, test } from "vitest";
import { lovaszHinge, lovaszSoftmax, valueAndGrad } from "../../src/index.js";
import { describeBrowser, ISOLATED, inPage, MAKES_FUNCTIONS, openPage, STRICT } from "../helpers/browser.js";
import { expectClose } from "../helpers/closeTo.js";
import { ask, pageDevice } from "../helpers/pageDevice.js";
import { integers, normals } from "../helpers/random.js";
import { conformance } from "./conformance.js";

const PAGES = {
  "a plain page": {},
  "an isolated page": ISOLATED,
  "a page under a strict policy": STRICT,
  "an isolated page under a strict policy": { ...ISOLATED, ...STRICT },
};
const PLACES = { "the page itself": "ask", "a worker of it": "askWorker" } as const;

const shape = [1, 7, 150 * 150];
const [logits, labels] = [normals(shape[1] * shape[2], 1), Uint8Array.from(integers(shape[2], 7, 2))];
const expected = valueAndGrad(lovaszSoftmax)(logits, labels, { shape });

const open = async (headers: Record<string, string>, where: "ask" | "askWorker", name: "threads" | "auto" | "wasm", options = {}) => {
  const page = await openPage(headers, ["device.js"]);
  return { page, device: await pageDevice(page, where, name, { workers: 2, ...options }) };
};

describeBrowser("the threads device of a browser", () => {
  const settings = { runs: 5, largest: 2 ** 12 };
  conformance("whose memory is copied", async () => (await open({}, "ask", "threads", { least: 0 })).device, settings);
  conformance("whose memory is shared", async () => (await open(ISOLATED, "ask", "threads", { least: 0 })).device, settings);

  for (const [page, headers] of Object.entries(PAGES)) {
    for (const [place, where] of Object.entries(PLACES)) {
      test(`computes in ${page}, in ${place}`, async () => {
        const { page, device } = await open(headers, where, "threads");
        const { value, grad } = await device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
        expectClose([value], [expected.value], { relative: 1e-6 });
        expectClose(grad, expected.grad, { absolute: 1e-9, relative: 1e-5 });
        const isIsolated = "Cross-Origin-Opener-Policy" in headers;
        expect(device.info).toMatchObject({
          runsOn: "Web Workers",
          workers: 2,
          memory: isIsolated ? "shared" : "copied",
          replacedWorkers: 0,
        });
        await device.close();
        await page.close();
      });
    }
  }

  test.each(["wasm", "threads", "auto"])("%s works where no function may be made of text", async (name) => {
    const page = await openPage({ ...ISOLATED, ...STRICT }, ["device.js"]);
    expect(await inPage(page, MAKES_FUNCTIONS)).toBe("EvalError");
    const hinge = valueAndGrad(lovaszHinge)(Float32Array.of(0.5, 3, -1, 2), [1, 1, 0, 0], { shape: [2, 2] });
    const script = `(async () => {
      const { lovaszHinge, lovaszSoftmax, openDevice } = await import("/dist/index.js");
      const device = await openDevice("${name}", { workers: 2, least: 0 });
      const hinge = await device.valueAndGrad(lovaszHinge, Float32Array.of(0.5, 3, -1, 2), [1, 1, 0, 0], { shape: [2, 2] });
      const softmax = await device.valueAndGrad(lovaszSoftmax, new Float32Array(400), new Array(100).fill(0).map((_, i) => i % 4), { shape: [1, 4, 100] });
      await device.close();
      return [hinge.value, softmax.value];
    })()`;
    expect(await inPage(page, script)).toEqual([hinge.value, 0.75]);
    await page.close();
  });

  const NO_WORKERS = { "Content-Security-Policy": `${STRICT["Content-Security-Policy"]}; worker-src 'none'` };

  test("says so where the policy allows no workers", async () => {
    const page = await openPage({ ...ISOLATED, ...NO_WORKERS }, ["device.js"]);
    await expect(pageDevice(page, "ask", "threads", { workers: 2 })).rejects.toMatchObject({
      code: "device",
      message: expect.stringMatching(
        /^openDevice\("threads"\): no worker could be started: .*a policy of the page must allow it \(worker-src\)/,
      ),
    });
    const device = await pageDevice(page, "ask", "auto", { workers: 2 });
    const { value } = await device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
    expect(value).toBe(expected.value);
    expect(device.info).toMatchObject({ calls: { wasm: 1, threads: 0 }, threads: expect.stringMatching(/no worker could be started/) });
    await device.close();
    await page.close();
  });

  test.each(Object.keys(PAGES))("replaces workers that are terminated during a call, in %s", async (name) => {
    const { page, device } = await open(PAGES[name as keyof typeof PAGES], "ask", "threads");
    const pending = device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
    await ask(page, "ask", "kill");
    const { value, grad } = await pending;
    expectClose([value], [expected.value], { relative: 1e-6 });
    expectClose(grad, expected.grad, { absolute: 1e-9, relative: 1e-5 });
    await ask(page, "ask", "kill");
    const again = await device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
    expectClose(again.grad, expected.grad, { absolute: 1e-9, relative: 1e-5 });
    expect(device.info).toMatchObject({ workers: 2, lastDeath: "it was terminated" });
    await device.close();
    await page.close();
  });

  test("gives losses in the graph", async () => {
    const { page, device } = await open({}, "ask", "threads");
    const few = logits.subarray(0, 40_000);
    const truth = Uint8Array.from(integers(40_000, 2, 5));
    const packed = (array: Float32Array | Uint8Array) => ({
      kind: array.constructor.name,
      bytes: Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64"),
    });
    const options = { shape: [4, 10_000] };
    const { value, grad } = await ask<{ value: number; grad: { bytes: string } }>(
      page,
      "ask",
      "loss",
      "lovaszHinge",
      packed(few),
      packed(truth),
      options,
    );
    const doubled = valueAndGrad(lovaszHinge)(
      few.map((x) => 2 * x),
      truth,
      options,
    );
    expectClose([value], [doubled.value], { relative: 1e-6 });
    const slopes = new Float32Array(Uint8Array.from(Buffer.from(grad.bytes, "base64")).buffer);
    expectClose(
      slopes,
      doubled.grad.map((slope) => 2 * slope),
      { absolute: 1e-9, relative: 1e-5 },
    );
    await device.close();
    await page.close();
  });

  test("says where a worker's script should be when it is not there", async () => {
    const page = await openPage({}, ["device.js"]);
    const refused = pageDevice(page, "ask", "threads", { worker: "/dist/nowhere.js" });
    await expect(refused).rejects.toMatchObject({
      code: "device",
      message: expect.stringMatching(/no worker could be started.*serve worker\.js/),
    });
    await page.close();
  });
});

describeBrowser("the auto device of a browser", () => {
  test("answers under a strict policy, in a worker, and says what with", async () => {
    const { page, device } = await open({ ...ISOLATED, ...STRICT }, "askWorker", "auto");
    const { value } = await device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
    expectClose([value], [expected.value], { relative: 1e-6 });
    expect(device.info).toMatchObject({ threads: { workers: 2 }, fallbacks: 0 });
    await device.close();
    await page.close();
  });
});

// the code of a page or of a worker: of two threads, of which one dies, what differs from one thread
const THREADS = `
  const { randn, relu, setThreads, threads, tidy } = await import(origin + "/dist/index.js");
  const workers = [];
  globalThis.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      workers.push(this);
    }
  };
  const run = () => tidy(() => relu(randn([2 ** 18], { seed: 1 })).copy());
  const expected = run();
  let differing = 0;
  await setThreads(2);
  for (let i = 0; i < 12; i++) {
    if (i === 3) workers[0].terminate();
    differing += run().filter((value, j) => value !== expected[j]).length;
    for (let waits = 0; i === 3 && waits < 200 && workers.length < 2; waits++) await new Promise((next) => setTimeout(next, 50));
  }
  const used = threads();
  await setThreads(1);
  return { differing, used, left: threads(), started: workers.length };`;
const REFUSED = `
  const { setThreads, threads } = await import(origin + "/dist/index.js");
  return setThreads(2).then(() => null, ({ code, message }) => ({ code, message, used: threads() }));`;

const inWorker = (code: string) => `new Promise((resolve, reject) => {
  const script = ${JSON.stringify(`(async () => {${code}})().then((answer) => postMessage({ answer }), (error) => postMessage({ error: error.stack }));`)};
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.answer));
})`;

describeBrowser("setThreads in a browser", () => {
  for (const [place, run] of [
    ["a page", (code: string) => `(async () => {${code}})()`],
    ["a worker", inWorker],
  ] as const) {
    test(`has two threads in ${place}, and replaces a worker that is terminated`, async () => {
      const page = await openPage(ISOLATED);
      expect(await inPage(page, run(THREADS))).toEqual({ differing: 0, used: 2, left: 1, started: 2 });
      await page.close();
    });

    test(`says why there is one thread in ${place} that is not isolated`, async () => {
      const page = await openPage();
      expect(await inPage(page, run(REFUSED))).toEqual({
        code: "device",
        message: expect.stringMatching(/^setThreads\(n, options\): memory cannot be shared here.*Cross-Origin-Embedder-Policy/),
        used: 1,
      });
      await page.close();
    });
  }
});
