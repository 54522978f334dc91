// The device "gpu" in a real Chromium, on WebGPU and on WebGL2, both in software; what it answers is held against WebAssembly
// in the same page, and against the reference cases.
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeBrowser, inPage, MAKES_FUNCTIONS, openPage, STRICT } from "../../helpers/browser.js";
import { describeGolden, goldenCases } from "../../helpers/golden.js";

type Page = Awaited<ReturnType<typeof openPage>>;

interface Comparison {
  onGpu: boolean;
  reason: string | null;
  value: number;
  grad: number;
}

const TOLERANCE = 2e-6;
const open = async (mode: string, headers = {}) => {
  const page = await openPage(headers, ["gpu.js"]);
  return { page, info: await page.evaluate<Record<string, unknown>>(`gpu.open("${mode}")`) };
};

const call = <T>(page: Page, name: string, ...given: unknown[]) =>
  page.evaluate<T>(`gpu.${name}(${given.map((one) => JSON.stringify(one) ?? "undefined").join(", ")})`);

const normalsOf = (count: number, seed = 1) => ({ count, seed });
const labelsOf = (count: number, classes: number, seed = 2) => ({ count, seed, classes });

function expectNear({ onGpu, reason, value, grad }: Comparison): void {
  expect(onGpu, `computed in place: ${reason}`).toBe(true);
  expect(value).toBeLessThanOrEqual(TOLERANCE);
  expect(grad).toBeLessThanOrEqual(TOLERANCE);
}

describeBrowser.each(["webgpu", "webgl2"])('openDevice("gpu", { mode: "%s" })', { timeout: 150_000 }, (mode) => {
  let page: Page;
  let info: Record<string, unknown>;
  const compare = (name: string, values: unknown, labels: unknown, options?: object) =>
    call<Comparison>(page, "compare", mode, name, values, labels, options);

  beforeAll(async () => {
    ({ page, info } = await open(mode));
  });

  afterAll(async () => {
    await call(page, "close", mode);
    await page.close();
  });

  test("names what it runs on, and refuses a renderer in software that was not allowed", async () => {
    expect(info).toMatchObject({ name: "gpu", backend: mode, software: true, onGpu: 0, inPlace: 0 });
    const { code, message } = await call<{ code: string; message: string }>(page, "open", `${mode}`, false);
    expect(code).toBe("device");
    expect(message).toMatch(/no usable GPU .*swiftshader.* runs on the CPU, which \{ allowSoftware: true \} permits/i);
  });

  describeGolden("agrees with PyTorch", () => {
    const ops = ["lovaszHinge", "lovaszSigmoid", "lovaszSoftmax"];
    test(`in ${ops.join(", ")}`, async () => {
      const results = await call<{ name: string; value: number; grad: number }[]>(page, "golden", mode, ops);
      expect(results.length).toBe(ops.flatMap((op) => goldenCases(op)).length);
      const far = results.filter(({ value, grad }) => !(value <= TOLERANCE && grad <= TOLERANCE));
      expect(far).toEqual([]);
    });
  });

  test.each([1, 2, 63, 64, 65, 1000, 4097])("equals WebAssembly at %i pixels, in every binary loss", async (n) => {
    expectNear(await compare("lovaszHinge", normalsOf(n), labelsOf(n, 2)));
    expectNear(await compare("lovaszSigmoid", normalsOf(n), labelsOf(n, 2)));
  });

  test("equals it at 65,536 pixels, and at 2 x 262,144", async () => {
    expectNear(await compare("lovaszHinge", normalsOf(2 ** 16), labelsOf(2 ** 16, 2)));
    expectNear(await compare("lovaszHinge", normalsOf(2 ** 19), labelsOf(2 ** 19, 2), { shape: [2, 2 ** 18] }));
  });

  test("equals it at 21 x 128 x 128", async () => {
    const [shape, n] = [[1, 21, 128, 128], 128 * 128];
    expectNear(await compare("lovaszSoftmax", normalsOf(21 * n), labelsOf(n, 21), { shape }));
  });

  test.each([
    ["all classes", { classes: "all" }],
    ["a list of classes and weights", { classes: [3, 0], classWeights: [1, 0, 2, 0.5] }],
    ["each image by itself, ignored pixels left out", { perImage: true, ignore: 1 }],
  ])("equals it in lovaszSoftmax with %s", async (_, options) => {
    const [values, labels] = [normalsOf(3 * 4 * 50), labelsOf(150, 4)];
    expectNear(await compare("lovaszSoftmax", values, labels, { shape: [3, 4, 50], ...options }));
    expectNear(await compare("lovaszSoftmax", values, labels, { shape: [3, 50, 4], layout: "NHWC", ...options }));
  });

  test("equals it in losses of probabilities", async () => {
    const p = Array.from({ length: 60 }, (_, i) => ((i * 37) % 61) / 60);
    const labels = Array.from({ length: 60 }, (_, i) => ((i * 7) % 5 < 2 ? 1 : 0));
    expectNear(await compare("lovaszSigmoid", p, labels, { fromLogits: false }));
    const shares = Array.from({ length: 60 }, (_, i) => (i < 30 ? p[i] : 1 - p[i - 30]));
    expectNear(await compare("lovaszSoftmax", shares, labels.slice(0, 30), { shape: [1, 2, 30], fromLogits: false }));
  });

  const ones = (count: number, value: number) => Array.from({ length: count }, () => value);
  const mixed = Array.from({ length: 90 }, (_, i) => (i % 3 === 0 ? 1 : 0));

  test.each<[string, number[], number[], object?]>([
    ["ties", mixed.map((_, i) => ((i % 5) - 2) / 2), mixed],
    ["all errors equal", ones(90, 0), mixed],
    ["-0 and 0", mixed.map((_, i) => (i % 2 ? -0 : 0)), mixed],
    ["denormals", mixed.map((_, i) => (i - 45) * 1e-40), mixed],
    ["logits next to 0", mixed.map((_, i) => (i - 45) * 1e-9), mixed],
    ["margins beyond 1", mixed.map((y, i) => (y ? 1 : -1) * (1 + i)), mixed],
    ["the largest numbers", mixed.map((_, i) => (i - 45) * 7e36), mixed],
    ["no positives", mixed.map((_, i) => (i - 45) / 20), ones(90, 0)],
    ["positives only", mixed.map((_, i) => (i - 45) / 20), ones(90, 1)],
    ["ignored pixels only", mixed.map((_, i) => i), ones(90, 7), { ignore: 7 }],
  ])("equals lovaszHinge in place at %s, to the last bit of the gradient's float32", async (_, values, labels, options) => {
    const came = await compare("lovaszHinge", values, labels, options);
    expect(came.onGpu, `${came.reason}`).toBe(true);
    expect(came.grad).toBeLessThanOrEqual(1e-8);
    // by its size: the largest numbers make large losses
    const { value } = await call<{ value: number }>(page, "inPlace", "lovaszHinge", values, labels, options);
    expect(came.value).toBeLessThanOrEqual(1e-6 * Math.max(1, value));
  });

  test("gives pixels whose logits are permuted equal gradients, as WebAssembly does", async () => {
    const rows = [1, 2.5, -1, 2.5, -1, 1, -1, 1, 2.5, 1, -1, 2.5, 0.1, 0.2, 0.7, 0.7, 0.2, 0.1];
    expectNear(await compare("lovaszSoftmax", rows, [0, 1, 2, 0, 1, 0], { shape: [6, 3] }));
  });

  test("computes in place what it cannot, and says so", async () => {
    const cases: [string, number[], number[], object, RegExp][] = [
      ["lovaszHinge", [1, 2, 3], [1, 0, 1], { pixelWeights: [1, 2, 1] }, /the option pixelWeights/],
      ["lovaszHinge", [1, 2, 3], [1, 0, 1], { reduction: "none", shape: [1, 3] }, /reduction "none"/],
      ["lovaszSigmoid", [1e-40, 2e-40, -1], [1, 0, 1], {}, /logits next to 0/],
    ];
    for (const [name, values, labels, options, reason] of cases) {
      const came = await compare(name, values, labels, options);
      expect(came).toMatchObject({ onGpu: false, value: 0, grad: 0 });
      expect(came.reason).toMatch(reason);
    }
  });

  test("refuses what WebAssembly refuses, in the same words", async () => {
    const wrong: [string, unknown, unknown, object?][] = [
      ["lovaszHinge", [1, 2, 3, 4], [1, 0, 1]],
      ["lovaszHinge", [1, 2, 3], [1, 2, 1]],
      ["lovaszHinge", [1, 2, 3], [1, 0, 1], { perimage: true }],
      ["lovaszHinge", [1, 2, 3], [1, 0, 1], { shape: [2, 3] }],
      ["lovaszSoftmax", [1, 2, 3, 4], [0, 2], { shape: [2, 2] }],
      ["lovaszSoftmax", [1, 2, 3, 4], [0, 1], { shape: [2, 2], classes: [5] }],
      ["lovaszSoftmax", [0.5, 0.5, 3, 0], [0, 1], { shape: [2, 2], fromLogits: false }],
      ["lovaszSigmoid", [0.5, 2], [0, 1], { fromLogits: false }],
      ["lovaszSigmoid", [0.5, 2], [0, 1], { fromLogits: "no" }],
    ];
    for (const [name, values, labels, options] of wrong) {
      const came = await call<{ error: string }>(page, "on", mode, name, values, labels, options);
      expect(came.error).toBe("LovaszError");
      expect(came).toEqual(await call(page, "inPlace", name, values, labels, options));
    }
  });

  test("sorts, in either direction, and leaves NaN and the like to WebAssembly", async () => {
    const values = Array.from({ length: 300 }, (_, i) => ((i * 7919) % 301) - 150);
    const ascending = values.toSorted((a, b) => a - b);
    const before = (await call<{ onGpu: number }>(page, "info", mode)).onGpu;
    expect(await call(page, "sort", mode, values)).toEqual(ascending);
    expect(await call(page, "sort", mode, values, { descending: true })).toEqual(ascending.reverse());
    expect((await call<{ onGpu: number }>(page, "info", mode)).onGpu).toBe(before + 2);
    expect(await page.evaluate(`gpu.sort("${mode}", [2, NaN, 1e-40, -Infinity])`)).toEqual([-Infinity, Math.fround(1e-40), 2, Number.NaN]);
    expect(await call(page, "cumsum", mode, [1, 2, 3.5])).toEqual([1, 3, 6.5]);
  });

  test("gives a loss in the graph, whose gradient reaches what the logits came from", async () => {
    const [came, expected] = await call<{ value: number; grad: number[] }[]>(
      page,
      "graph",
      mode,
      "lovaszSoftmax",
      [0.1, 0.2, -0.3, 0.4, 0.1, -0.6],
      [1, 0],
      {},
      [1, 3, 2],
    );
    expect(came.value).toBeCloseTo(expected.value, 6);
    came.grad.forEach((slope, i) => {
      expect(slope).toBeCloseTo(expected.grad[i], 6);
    });
  });

  test("answers calls made at once, each its own, whatever is done to the input meanwhile", async () => {
    const script = `(async () => {
      const calls = [100, 300, 100].map((count, i) => gpu.compare("${mode}", "lovaszHinge", { count, seed: i }, { count, seed: 9, classes: 2 }));
      return Promise.all(calls);
    })()`;
    for (const one of await page.evaluate<Comparison[]>(script)) expect(one).toMatchObject({ value: expect.any(Number), grad: 0 });
    const input = await page.evaluate(`gpu.overwritten("${mode}")`);
    expect(input).toBe(true);
  });

  test("keeps a bounded number of programs", async () => {
    for (let images = 1; images <= 10; images++) {
      const n = images * 10;
      expectNear(await compare("lovaszHinge", normalsOf(n), labelsOf(n, 2), { shape: [images, 10] }));
    }
    expect((await call<{ programs: number }>(page, "info", mode)).programs).toBe(8);
  });

  test("answers as ever when the device is lost in a call, says so, and computes the next one on a new device", async () => {
    const [values, labels] = [normalsOf(30_000), labelsOf(30_000, 2)];
    expectNear(await compare("lovaszHinge", values, labels));
    const lost = await page.evaluate<Comparison>(
      `gpu.compare("${mode}", "lovaszHinge", ${JSON.stringify(values)}, ${JSON.stringify(labels)}, {}, () => gpu.lose())`,
    );
    expect(lost).toMatchObject({ onGpu: false, value: 0, grad: 0 });
    expect(lost.reason).toMatch(/lost/);
    expectNear(await compare("lovaszHinge", values, labels));
  });

  test("lets a call finish that is under way when it is closed, and refuses later ones", async () => {
    const own = await open(mode);
    const script = `(async () => {
      const call = gpu.on("${mode}", "lovaszHinge", { count: 5000, seed: 1 }, { count: 5000, seed: 2, classes: 2 });
      await gpu.close("${mode}");
      return [await call, await gpu.on("${mode}", "lovaszHinge", [1], [1]), gpu.info("${mode}").programs];
    })()`;
    const [came, refused, programs] = await own.page.evaluate<[object, object, number]>(script);
    expect(came).toHaveProperty("value");
    expect(refused).toMatchObject({ error: "LovaszError", code: "device", message: expect.stringMatching(/closed/) });
    expect(programs).toBe(0);
    await own.page.close();
  });

  test("works where no function may be made of text: under a Content-Security-Policy without unsafe-eval", async () => {
    const own = await openPage(STRICT, ["gpu.js"]);
    expect(await inPage(own, MAKES_FUNCTIONS)).toBe("EvalError");
    expect(await inPage(own, `gpu.open("${mode}")`)).toMatchObject({ backend: mode });
    for (const [loss, count, options] of [
      ["lovaszHinge", 100, {}],
      ["lovaszSoftmax", 300, { shape: [1, 3, 100] }],
    ] as const) {
      const given = [mode, loss, normalsOf(count), labelsOf(100, 2), options].map((one) => JSON.stringify(one));
      expectNear(await inPage<Comparison>(own, `gpu.compare(${given.join(", ")})`));
    }
    await own.close();
  });

  test("works in a worker, and leaves the page's own globalThis.GPU alone", async () => {
    const own = await openPage({}, ["gpuInWorker.js"]);
    expect(await own.evaluate(`inWorker("${mode}")`)).toMatchObject({ backend: mode, onGpu: 1, near: true, named: false });
    await own.close();
  });
});
