// Items are taken once each, in order, and those of a worker that died once more.
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { WorkQueue } from "../../../../src/device/threads/memory/WorkQueue.js";

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const offset = 64;

function queueOf(count: number, ready = count): WorkQueue {
  const queue = new WorkQueue(memory, offset, count);
  queue.reset(ready);
  return queue;
}

test("each item is taken once, then none", () => {
  const queue = queueOf(3);
  const other = new WorkQueue(memory, offset, 3);
  expect([queue.take(), other.take(), queue.take(), queue.take(), other.take()]).toEqual([0, 1, 2, -1, -1]);
});

test("what was taken and not done comes again, and nothing else", () => {
  const queue = queueOf(4);
  for (let item = queue.take(); item >= 0; item = queue.take()) if (item % 2) queue.finish(item);
  expect(queue.requeueUnfinished()).toBe(true);
  expect([queue.take(), queue.take(), queue.take()]).toEqual([0, 2, -1]);
  queue.finish(0);
  queue.finish(2);
  expect(queue.requeueUnfinished()).toBe(false);
});

test("a worker that waits for a item is woken when it is ready", async () => {
  const queue = queueOf(2, 0);
  // waits as `take` does; a script that is evaluated cannot import it
  const script = `const { workerData: { memory, offset }, parentPort } = require("node:worker_threads");
    const state = new Int32Array(memory.buffer, offset, 4);
    parentPort.postMessage("waits");
    Atomics.wait(state, 1, 0);
    parentPort.postMessage(Atomics.load(state, 1));`;
  const worker = new Worker(script, { eval: true, workerData: { memory, offset } });
  const heard: unknown[] = [];
  await new Promise<void>((resolve) => {
    worker.on("message", (message) => {
      heard.push(message);
      if (message === "waits") setTimeout(() => queue.release(1), 20);
      else resolve();
    });
  });
  await worker.terminate();
  expect(heard).toEqual(["waits", 1]);
  expect(queue.take()).toBe(0);
});

test("it takes no more than its bytes", () => {
  const state = new Uint8Array(memory.buffer);
  state.fill(0xaa);
  const queue = queueOf(5);
  for (let item = queue.take(); item >= 0; item = queue.take()) queue.finish(item);
  const touched = [...state.keys()].filter((at) => state[at] !== 0xaa);
  expect(touched.every((at) => at >= offset && at < offset + WorkQueue.bytes(5))).toBe(true);
  expect(touched.length).toBeGreaterThan(0);
});
