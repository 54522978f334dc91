// What goes wrong around the threads device: workers that die, cannot be had, run out of memory; and the end of a process.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Pool } from "../../../src/device/threads/pool/Pool.js";
import { type Device, LovaszError, lovaszHinge, lovaszSoftmax, memory, openDevice, setThreads, valueAndGrad } from "../../../src/index.js";
import { SharedMemory } from "../../../src/wasm/sharedMemory.js";
import { expectClose, expectSame } from "../../helpers/closeTo.js";
import { integers, normals } from "../../helpers/random.js";
import { WORKER } from "../../helpers/worker.js";

const shape = [1, 7, 300 * 300];
const logits = normals(shape[1] * shape[2], 1);
const labels = Uint8Array.from(integers(shape[2], 7, 2));
const expected = valueAndGrad(lovaszSoftmax)(logits, labels, { shape });

const fixture = (name: string) => new URL(`../../helpers/workers/${name}`, import.meta.url);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let device: Device | null = null;
const workers: Worker[] = [];
const born = (worker: Worker) => void workers.push(worker);
process.on("worker", born);

afterEach(async () => {
  await device?.close();
  device = null;
  workers.length = 0;
  vi.unstubAllEnvs();
});

async function refusal(promise: Promise<unknown>): Promise<LovaszError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LovaszError);
  return error as LovaszError;
}

test.each([0, 5, 10, 20, 40, 80])("workers killed %i ms into a call are replaced, and their work is done again", async (delay) => {
  device = await openDevice("threads", { worker: WORKER, workers: 2 });
  const before = memory();
  const pending = device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
  await pause(delay);
  await Promise.all(workers.slice(0, delay % 20 === 0 ? 2 : 1).map((worker) => worker.terminate()));
  const { value, grad } = await pending;
  expect(value).toBe(expected.value);
  expectSame(grad, expected.grad);
  const again = await device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
  expectSame(again.grad, expected.grad);
  expect(memory()).toEqual(before);
  expect(device.info).toMatchObject({ workers: 2, replacedWorkers: expect.any(Number), lastDeath: expect.stringMatching(/exit code 1/) });
  expect(device.info.replacedWorkers).toBeGreaterThan(0);
});

const steps = ["slabProbabilities", "classLosses", "slabGradients"];

test.each(["taken", "done"].flatMap((when) => steps.map((step) => ({ when, step }))))(
  "a worker that dies when it has $when an item of $step is no loss",
  async ({ when, step }) => {
    vi.stubEnv("MORTAL_STEP", step);
    vi.stubEnv("MORTAL_WHEN", when);
    vi.stubEnv("MORTAL_MARK", String(step.length + 100 * when.length));
    device = await openDevice("threads", { worker: fixture("oncemortal.mjs"), workers: 2 });
    const { value, grad } = await device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
    expect(value).toBe(expected.value);
    expectSame(grad, expected.grad);
    expect(device.info).toMatchObject({ replacedWorkers: 1, lastDeath: expect.stringMatching(/exit code 5/) });
  },
);

test("a call that fails in its last step leaves `out` as it was", async () => {
  device = await openDevice("threads", { worker: fixture("lastmortal.mjs"), workers: 2 });
  for (const options of [{ shape }, { shape: [shape[2], shape[1]] }]) {
    const out = new Float32Array(logits.length).fill(7);
    const error = await refusal(device.valueAndGrad(lovaszSoftmax, logits, labels, { ...options, out }));
    expect(error.message).toMatch(/2 workers died of this call.*exit code 6/);
    expect(out.every((one) => one === 7)).toBe(true);
  }
});

test("idle workers that die are replaced", async () => {
  device = await openDevice("threads", { worker: WORKER, workers: 2 });
  await Promise.all(workers.map((worker) => worker.terminate()));
  const { value } = await device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
  expectClose([value], [expected.value], { relative: 1e-6 });
});

test("a call that kills two workers is given up, and says so", async () => {
  device = await openDevice("threads", { worker: fixture("mortal.mjs"), workers: 2 });
  const calls = [device.valueAndGrad(lovaszSoftmax, logits, labels, { shape }), device.sort(logits)];
  for (const error of await Promise.all(calls.map(refusal))) {
    expect([error.code, error.message]).toEqual(["device", expect.stringMatching(/2 workers died of this call.*exit code 3/)]);
  }
  // what is too small for the workers does not depend on them
  expect(await device.sort(Float32Array.of(2, 1))).toEqual(Float32Array.of(1, 2));
});

describe("a worker that ends while it starts", () => {
  let kill = 0;
  const end = (worker: Worker) => {
    if (kill <= 0) return;
    kill -= 1;
    // at several moments of its start, which takes longer than this even on a fast machine
    setTimeout(() => worker.terminate(), (kill % 4) * 4);
  };
  process.on("worker", end);
  afterEach(() => {
    kill = 0;
  });

  test("in the place of one that died is replaced in turn: no call is lost", async () => {
    device = await openDevice("threads", { worker: WORKER, workers: 2 });
    for (let round = 0; round < 20; round++) {
      kill = 4;
      const pending = [1, 2, 3].map(() => (device as Device).valueAndGrad(lovaszSoftmax, logits, labels, { shape }));
      for (const worker of workers.splice(0)) worker.terminate();
      for (const { value, grad } of await Promise.all(pending)) {
        expect(value).toBe(expected.value);
        expectSame(grad, expected.grad);
      }
    }
  });

  test("time and again is told of, and later calls are done", async () => {
    device = await openDevice("threads", { worker: WORKER, workers: 1 });
    kill = Number.POSITIVE_INFINITY;
    await workers[0].terminate();
    const error = await refusal(device.sort(logits));
    expect([error.code, error.message]).toEqual([
      "device",
      expect.stringMatching(
        /a worker ended, and so did 5 that were started in its place before they could begin, the last because .*exit code [01]\)/,
      ),
    ]);
    kill = 0;
    expectSame(await device.sort(logits), logits.slice().sort());
  });

  test("does not keep close() waiting", async () => {
    const pool = await Pool.open("call", 2, WORKER);
    const exits = workers.map((worker) => worker.terminate());
    const pending = [0, 1].map((index) => pool.run({ kind: "sort", values: logits, descending: false, range: 0, ranges: 1 }, index));
    const refusals = Promise.all(pending.map(refusal));
    await Promise.all([pool.close(), pool.close(), ...exits]);
    for (const error of await refusals) expect([error.code, error.message]).toEqual(["device", expect.stringMatching(/was closed before/)]);
    await Promise.all(workers.map((worker) => worker.threadId === -1 || new Promise((resolve) => worker.once("exit", resolve))));
  });
});

test("a script that never answers is given up, and its workers are ended", async () => {
  const error = await refusal(Pool.open("call", 2, fixture("silent.mjs"), 1));
  expect([error.code, error.message]).toEqual([
    "device",
    expect.stringMatching(/no worker could be started: its script did not say "loaded" within 1 s; serve worker\.js/),
  ]);
  expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1]);
});

test("a script of another version is refused, and its workers are ended", async () => {
  for (const opening of [
    () => openDevice("threads", { worker: fixture("stale.mjs"), workers: 2 }),
    () => setThreads(2, { worker: fixture("stale.mjs") }),
  ]) {
    const error = await refusal(opening());
    expect([error.code, error.message]).toEqual([
      "device",
      expect.stringMatching(/no worker could be started: its script is of another version of this package; serve worker\.js/),
    ]);
  }
  expect(workers.every(({ threadId }) => threadId === -1)).toBe(true);
});

test("a worker is not given up because this thread was busy", async () => {
  const opening = Pool.open("call", 1, WORKER, 1);
  while (workers.length === 0) await pause(0);
  // the answer of the worker lies in wait meanwhile; timers come before it
  await new Promise((resolve) => setImmediate(resolve));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
  await (await opening).close();
});

test("a script that is not there is named, with what to do", async () => {
  const error = await refusal(openDevice("threads", { worker: fixture("nowhere.mjs"), workers: 2 }));
  expect(error.code).toBe("device");
  expect(error.message).toMatch(/no worker could be started: .*nowhere\.mjs.*; serve worker\.js .* pass \{ worker: its URL \}/);
});

test("a worker out of memory says so, and goes on with smaller calls", async () => {
  device = await openDevice("threads", { worker: fixture("cramped.mjs"), workers: 2 });
  const halves = { shape: [2, logits.length / 2] };
  const error = await refusal(device.valueAndGrad(lovaszHinge, logits, new Uint8Array(logits.length), halves));
  expect([error.code, error.message]).toEqual(["memory", expect.stringMatching(/cannot allocate \d+ bytes/)]);
  const few = normals(2 * 20_000, 3);
  const fewLabels = integers(2 * 20_000, 2, 4);
  const { value } = await device.valueAndGrad(lovaszHinge, few, fewLabels, { shape: [2, 20_000] });
  expectClose([value], [valueAndGrad(lovaszHinge)(few, fewLabels, { shape: [2, 20_000] }).value], { relative: 1e-6 });
  expect(device.info.replacedWorkers).toBe(0);
});

describe("where shared memory", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("does not grow, a call is refused, and later ones are not", async () => {
    // what an earlier device may have left has grown before
    const earlier = SharedMemory.open();
    device = await openDevice("threads", { worker: WORKER, workers: 2 });
    const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementation(() => {
      throw new RangeError("no more");
    });
    const error = await refusal(device.valueAndGrad(lovaszSoftmax, logits, labels, { shape }));
    expect([error.code, error.message]).toEqual(["memory", expect.stringMatching(/bytes to share with the workers cannot be had/)]);
    grow.mockRestore();
    expectSame((await device.valueAndGrad(lovaszSoftmax, logits, labels, { shape })).grad, expected.grad);
    earlier.close();
  });

  test("cannot be had at all, calls do without", async () => {
    SharedMemory.open();
    device = await openDevice("threads", { worker: WORKER, workers: 2 });
    vi.spyOn(WebAssembly, "Memory").mockImplementation(function memory() {
      throw new RangeError("no address space");
    });
    const { value, grad } = await device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
    expectClose([value], [expected.value], { relative: 1e-6 });
    expectClose(grad, expected.grad, { absolute: 1e-9, relative: 1e-6 });
  });
});

test("close() during a call, twice, settles it and ends the workers", async () => {
  device = await openDevice("threads", { worker: WORKER, workers: 2 });
  const exits = workers.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
  const pending = device.valueAndGrad(lovaszSoftmax, logits, labels, { shape });
  await Promise.all([device.close(), device.close()]);
  expectClose([(await pending).value], [expected.value], { relative: 1e-6 });
  await Promise.all(exits);
});

const dist = new URL("../../../dist/index.js", import.meta.url);
const opening = `
  import { lovaszHinge, openDevice } from ${JSON.stringify(dist.href)};
  const device = await openDevice("threads", { workers: 2 });
  const call = () => device.valueAndGrad(lovaszHinge, new Float32Array(100_000), new Uint8Array(100_000), { shape: [4, 25_000] });`;

test.each([
  ["that forgets to close the device", "console.log((await call()).value)"],
  ["that waits for nothing", "call().then(({ value }) => console.log(value))"],
  ["that closes it during a call", "const pending = call(); await device.close(); console.log((await pending).value)"],
  ["that never calls it", "console.log(1)"],
])("a process %s ends by itself, its calls answered", async (_, ending) => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", `${opening}\n${ending}`], {
    timeout: 50_000,
  });
  expect(stdout).toBe("1\n");
});

test("opening and closing time and again leaves no workers and no memory behind", async () => {
  const script = `
    import { lovaszSoftmax, memory, openDevice } from ${JSON.stringify(dist.href)};
    let alive = 0;
    process.on("worker", (worker) => {
      alive += 1;
      worker.once("exit", () => { alive -= 1; });
    });
    const labels = Uint8Array.from({ length: 10_000 }, (_, i) => i % 4);
    const rounds = async (count) => {
      for (let i = 0; i < count; i++) {
        const device = await openDevice(i % 4 ? "threads" : "auto", { workers: 2, least: 0 });
        await device.valueAndGrad(lovaszSoftmax, new Float32Array(40_000), labels, { shape: [1, 4, 10_000] });
        await device.close();
      }
      for (let i = 0; i < 3; i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        gc();
      }
      return process.memoryUsage().rss;
    };
    const [before, after] = [await rounds(10), await rounds(30)];
    console.log(JSON.stringify({ alive, tensors: memory().tensors, grown: (after - before) / 2 ** 20 }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], { timeout: 55_000 });
  const { grown, ...left } = JSON.parse(stdout);
  expect(left).toEqual({ alive: 0, tensors: 0 });
  // a device in use has some 25 MiB
  expect(grown).toBeLessThan(20);
});
